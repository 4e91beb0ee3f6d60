extension TLSFields {
    /// `ssl_verify` is a switch or a path, as with LiteLLM.
    init(reading reader: FieldReader) {
        self.init()
        if let member = reader.member("ssl_verify") {
            if let scalar = member.value.scalar {
                if let flag = FieldReader.flag(scalar) {
                    verifies = flag
                } else {
                    verifies = true
                    trustRoots = scalar.text
                }
            } else {
                reader.wrong(member, "true, false, or the path of a file with certificates")
            }
        }
        let certificate = reader.text("ssl_certificate")
        clientCertificate = reader.text("client_certificate") ?? certificate
        clientKey = reader.text("client_key")
        if clientKey != nil, clientCertificate == nil, let member = reader.written("client_key") {
            reader.log.error(member.keyPlace, "`client_key` without `client_certificate`: name the certificate too")
        }
    }
}
