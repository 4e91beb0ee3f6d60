import WeirCore

/// `auth`.
enum AuthReader {
    static func read(_ top: FieldReader) -> AuthSection {
        var auth = AuthSection()
        guard let reader = top.section("auth", as: "auth") else { return auth }
        let kind = reader.choice("type", AuthSection.Kind.self)
        auth.kind = kind ?? .bearer
        if let member = reader.member("tokens") {
            if let items = member.value.list {
                auth.tokens = items.compactMap { token($0, reader.log) }
            } else {
                reader.wrong(member, "a list of tokens")
            }
        }
        reader.finish()
        unique(auth.tokens, reader.log)
        if auth.kind == AuthSection.Kind.none, let first = auth.tokens.first {
            reader.log.error(
                first.place, "`auth.type: none` asks nobody for a token: remove the tokens, or use `bearer`")
        }
        return auth
    }

    private static func token(_ item: YAMLNode, _ log: ProblemLog) -> AuthSection.Token? {
        var name: String?
        var value = item
        if let members = item.map {
            let reader = FieldReader("auth.tokens[]", members, item.place, log)
            name = reader.text("name")
            let written = reader.written("token")?.value
            reader.finish()
            if name == "" || (name == nil && reader.has("name") && !reader.isMissing("name")) {
                log.error(item.place, "the `name` of this token is empty: give it one, or remove `name`")
            }
            guard let written else {
                log.error(item.place, "this entry of `tokens` has no `token`: add what the client is to send")
                return nil
            }
            value = written
        }
        guard let scalar = value.scalar else {
            log.error(value.place, "a token is a text, or a mapping with `name` and `token`, not \(value.described)")
            return nil
        }
        if scalar.isMissing { return nil }
        if scalar.text.isEmpty || value.isNull {
            let cause = scalar.variable.map { "\($0) is set to nothing; give it a value" } ?? "give it a value"
            log.error(value.place, "this token is empty, so anybody would have it: \(cause), or remove the line")
            return nil
        }
        guard HeaderText.isValue(scalar.text), !scalar.text.contains(" ") else {
            log.error(
                value.place, "this token has a space or a line break in it, so no client can send it: write it without")
            return nil
        }
        return AuthSection.Token(name: name, token: Secret(scalar.text), place: value.place)
    }

    private static func unique(_ tokens: [AuthSection.Token], _ log: ProblemLog) {
        var names: [String: SourceLocation] = [:]
        var values: [String: SourceLocation] = [:]
        for token in tokens {
            if let name = token.name, let first = names.updateValue(token.place, forKey: name) {
                log.error(token.place, "the token name `\(name)` is taken at \(first): give each token its own")
            }
            if let first = values.updateValue(token.place, forKey: token.token.revealed()) {
                log.error(token.place, "this token is the same as the one at \(first): remove one of them")
            }
        }
    }
}
