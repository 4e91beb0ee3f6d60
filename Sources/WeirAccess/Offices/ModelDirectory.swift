package import WeirCore

/// What offices may know of the deployments in force, from the configuration and from the store alike.
package protocol ModelDirectory: Sendable {
    /// In the order in which they were given.
    func deployed() -> [DeployedModel]
    /// What is wrong with an entry of `model_list` (`model_name`, `litellm_params`, `model_info`), as a start would tell;
    /// empty when it can be served.
    func problems(of entry: JSONObject) -> [String]
    /// `credential_list` of the configuration, in LiteLLM's form, without anything secret.
    func credentials() -> [JSONObject]
}

extension ModelDirectory {
    package func credentials() -> [JSONObject] { [] }
}

/// One deployment in force.
package struct DeployedModel: Sendable, Hashable {
    /// `model_info.id`.
    package let id: String
    /// `model_name`: the name of its model group.
    package let name: String
    /// `litellm_params` without anything secret.
    package let params: JSONObject
    /// `model_info`, with what the price table knows: prices, context, what it supports.
    package let info: JSONObject
    /// It was added through the API, so it may be changed and deleted there.
    package let isStored: Bool
    /// Of its `model_info` and of the groups that were made through the API.
    package let accessGroups: [String]

    package init(
        id: String, name: String, params: JSONObject, info: JSONObject, isStored: Bool, accessGroups: [String]
    ) {
        self.id = id
        self.name = name
        self.params = params
        self.info = info
        self.isStored = isStored
        self.accessGroups = accessGroups
    }
}

/// A gateway without models: for what is done directly on the store.
package struct NoModels: ModelDirectory {
    package init() {}
    package func deployed() -> [DeployedModel] { [] }
    package func problems(of entry: JSONObject) -> [String] { [] }
}
