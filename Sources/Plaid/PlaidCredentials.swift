package import Basics

/// What this installation is at Plaid: the keys of one environment, and where that environment answers.
package struct PlaidCredentials: Sendable {
  package var clientID: String
  package var secret: Secret<String>
  /// `sandbox` or `production`; webhooks carry the same word.
  package var environment: String
  /// Scheme, host and port, without a slash at the end.
  package var baseURL: String

  package init(clientID: String, secret: Secret<String>, environment: String, baseURL: String) {
    self.clientID = clientID
    self.secret = secret
    self.environment = environment
    self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
  }

  /// Plaid's own host of an environment.
  package init(clientID: String, secret: Secret<String>, environment: String) {
    self.init(
      clientID: clientID, secret: secret, environment: environment, baseURL: "https://\(environment).plaid.com")
  }
}
