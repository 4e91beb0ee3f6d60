import WeirAccess

/// The routes that the commands use, done on the store.
enum StoreRoutes {
    static let all = keys + users + teams + audit

    private static func post(
        _ path: String, _ form: Form,
        _ act: @escaping @Sendable (Offices, OfficeRequest) async throws(OfficeFault) -> OfficeAnswer
    ) -> StoreDesk.Route { .init(method: .post, path: path, body: form, query: .empty, act: act) }

    private static func get(
        _ path: String, _ form: Form,
        _ act: @escaping @Sendable (Offices, OfficeRequest) async throws(OfficeFault) -> OfficeAnswer
    ) -> StoreDesk.Route { .init(method: .get, path: path, body: .empty, query: form, act: act) }

    private static let keys = [
        post("/key/generate", KeyForms.generate) { offices, request throws(OfficeFault) in
            try await offices.keys.generate(request)
        },
        get("/key/list", KeyForms.list) { offices, request throws(OfficeFault) in
            try await offices.keys.list(request)
        },
        get("/key/info", KeyForms.infoQuery) { offices, request throws(OfficeFault) in
            try await offices.keys.info(request)
        },
        post("/key/block", KeyForms.block) { offices, request throws(OfficeFault) in
            try await offices.keys.block(request)
        },
        post("/key/unblock", KeyForms.block) { offices, request throws(OfficeFault) in
            try await offices.keys.unblock(request)
        },
        post("/key/delete", KeyForms.delete) { offices, request throws(OfficeFault) in
            try await offices.keys.delete(request)
        },
        post("/key/regenerate", KeyForms.regenerate) { offices, request throws(OfficeFault) in
            try await offices.keys.regenerate(request)
        },
    ]

    private static let users = [
        post("/user/new", UserForms.new) { offices, request throws(OfficeFault) in
            try await offices.users.new(request)
        },
        get("/user/list", UserForms.list) { offices, request throws(OfficeFault) in
            try await offices.users.list(request)
        },
        get("/user/info", UserForms.info) { offices, request throws(OfficeFault) in
            try await offices.users.info(request)
        },
        post("/user/delete", UserForms.delete) { offices, request throws(OfficeFault) in
            try await offices.users.delete(request)
        },
    ]

    private static let teams = [
        post("/team/new", TeamForms.new) { offices, request throws(OfficeFault) in
            try await offices.teams.new(request)
        },
        get("/v2/team/list", TeamForms.listV2) { offices, request throws(OfficeFault) in
            try await offices.teams.listV2(request)
        },
        get("/team/info", TeamForms.info) { offices, request throws(OfficeFault) in
            try await offices.teams.info(request)
        },
        post("/team/delete", TeamForms.delete) { offices, request throws(OfficeFault) in
            try await offices.teams.delete(request)
        },
        post("/team/member_add", TeamForms.memberAdd) { offices, request throws(OfficeFault) in
            try await offices.teams.addMembers(request)
        },
    ]

    private static let audit = [
        get("/audit", AuditForms.list) { offices, request throws(OfficeFault) in
            try await offices.audit.list(request)
        }
    ]
}
