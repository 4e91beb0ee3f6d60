import WeirAccess
import WeirCore

/// The forms of requests as JSON Schema: whatever such a schema takes, the form takes, and the other way round.
enum OpenAPISchemas {
    /// What the operations refer to.
    static let shared: JSONObject = [
        "Error": [
            "type": "object", "required": ["error"],
            "properties": [
                "error": [
                    "type": "object", "required": ["message"],
                    "properties": [
                        "message": ["type": "string"], "type": ["type": ["string", "null"]],
                        "param": ["type": ["string", "null"]], "code": ["type": ["string", "integer", "null"]],
                    ],
                ],
                "detail": [
                    "type": "array", "description": "Every field that cannot be taken, as FastAPI lists them.",
                    "items": ["type": "object"],
                ],
            ],
        ],
        "Detail": [
            "description": "What the server itself refuses: an address or a method that there is not.",
            "type": "object", "required": ["detail"], "properties": ["detail": ["type": "string"]],
        ],
        "Storable": [
            "description": "Any value without the character U+0000, which no store keeps.",
            "anyOf": [
                ["type": ["null", "boolean", "number"]], ["type": "string", "pattern": .string(withoutZero)],
                ["type": "array", "items": ["$ref": "#/components/schemas/Storable"]],
                .object(storableObject),
            ],
        ],
    ]

    private static let storable: JSONObject = ["$ref": "#/components/schemas/Storable"]
    private static let storableObject: JSONObject = [
        "type": "object", "propertyNames": ["pattern": .string(withoutZero)],
        "additionalProperties": ["$ref": "#/components/schemas/Storable"],
    ]
    private static let withoutZero = #"^[^\u0000]*$"#

    // MARK: Bodies

    /// The whole form. Members that it does not name are no mistake: they are kept, or left out of account with a warning.
    static func body(_ form: Form) -> JSONObject {
        var properties = JSONObject()
        for field in form.fields {
            var schema = field.isRequired ? present(field.kind) : nullable(schema(field.kind))
            if !field.summary.isEmpty { schema["description"] = .string(field.summary) }
            properties[field.name] = .object(schema)
        }
        var body: JSONObject = ["type": "object", "properties": .object(properties)]
        let required = form.fields.filter(\.isRequired).map(\.name)
        if !required.isEmpty { body["required"] = .strings(required) }
        if form.isOpen {
            body["additionalProperties"] = .object(storable)
            body["propertyNames"] = ["pattern": .string(withoutZero)]
        }
        return body
    }

    private static func schema(_ kind: FormField.Kind) -> JSONObject {
        switch kind {
        case .string: text(FieldCheck.stringLength)
        case .longString: text(FieldCheck.longStringLength)
        case .strings:
            [
                "type": "array", "maxItems": .int(FieldCheck.listLength),
                "items": .object(text(FieldCheck.stringLength)),
            ]
        case .count: count
        case .money:
            [
                "type": ["number", "string"], "minimum": 0, "maximum": 1_000_000_000,
                "pattern": #"^[0-9]{1,9}(\.[0-9]{1,18})?$"#,
            ]
        case .number:
            [
                "type": ["number", "string"], "minimum": -1_000_000_000_000, "maximum": 1_000_000_000_000,
                "pattern": #"^-?[0-9]{1,12}(\.[0-9]{1,18})?$"#,
            ]
        case .bool: ["enum": [true, false, "true", "True", "false", "False", 1, 0]]
        case .object: storableObject
        case .counts:
            [
                "type": "object", "propertyNames": ["pattern": .string(withoutZero)],
                "additionalProperties": .object(count),
            ]
        case .duration: ["type": "string", "pattern": .string(duration)]
        case .moment: ["type": "string", "format": "date-time", "pattern": #"^(19[7-9]|[2-9][0-9]{2})[0-9]-"#]
        case .choice(let choices): ["enum": .strings(choices)]
        case .list: ["type": "array", "items": .object(storable)]
        case .any: storable
        }
    }

    private static func text(_ length: Int) -> JSONObject {
        ["type": "string", "maxLength": .int(length), "pattern": .string(withoutZero)]
    }

    private static let count: JSONObject = [
        "type": ["integer", "string"], "minimum": 0, "maximum": .int(FieldCheck.greatestCount),
        "pattern": "^[0-9]{1,12}$",
    ]

    /// 1 to 1,000,000 in at most seven digits, and a unit.
    private static let duration =
        "^(0{0,6}[1-9]|0{0,5}[1-9][0-9]|0{0,4}[1-9][0-9]{2}|0{0,3}[1-9][0-9]{3}|0{0,2}[1-9][0-9]{4}"
        + "|0?[1-9][0-9]{5}|1000000)(s|m|h|d|w|mo)$"

    private static func nullable(_ schema: JSONObject) -> JSONObject {
        var schema = schema
        if let choices = schema["enum"]?.array {
            schema["enum"] = .array(choices + [.null])
        } else if let type = schema["type"] {
            schema["type"] = .array((type.array ?? [type]) + ["null"])
        }
        return schema
    }

    /// What must be there is not null, and a text is not empty.
    private static func present(_ kind: FormField.Kind) -> JSONObject {
        var schema = schema(kind)
        if kind == .any { schema["type"] = ["boolean", "number", "string", "array", "object"] }
        if kind == .string { schema["minLength"] = 1 }
        return schema
    }

    // MARK: Queries

    /// One name of a query. A value that is empty is as good as none.
    static func question(_ field: FormField) -> JSONValue {
        var question: JSONObject = ["name": .string(field.name), "in": "query"]
        if field.isRequired { question["required"] = true }
        if !field.summary.isEmpty { question["description"] = .string(field.summary) }
        question["schema"] = .object(questionSchema(field))
        return .object(question)
    }

    private static func questionSchema(_ field: FormField) -> JSONObject {
        switch field.kind {
        case .count:
            // In digits, of which there are 12 at most; no page comes before the first.
            [
                "type": "integer", "minimum": pages.contains(field.name) ? 1 : 0,
                "maximum": .int(FieldCheck.greatestCount - 1),
            ]
        case .money: ["type": "string", "pattern": #"^([0-9]{1,9}(\.[0-9]{1,18})?)?$"#]
        case .number: ["type": "string", "pattern": #"^(-?[0-9]{1,12}(\.[0-9]{1,18})?)?$"#]
        case .bool: ["type": "boolean"]
        case .choice(let choices):
            ["type": "string", "enum": .strings(field.isRequired ? choices : choices + [""])]
        case .moment, .duration:
            field.isRequired
                ? schema(field.kind) : ["anyOf": [.object(schema(field.kind)), ["type": "string", "maxLength": 0]]]
        default: ["type": "string", "minLength": field.isRequired ? 1 : 0, "pattern": .string(withoutZero)]
        }
    }

    private static let pages: Set<String> = ["page", "size", "page_size"]
}
