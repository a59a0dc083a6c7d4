import JSON

/// Requests and answers about people, for the description. Each request is one that works, each answer has the form of
/// one that was given: tests send and compare them.
enum IdentityExample {
  private static let email: JSONValue = "olive@money.example"
  private static let password: JSONValue = "odd jam on a tin roof"
  private static let code: JSONValue = "482913"
  private static let user: JSONValue = "usr_01kj3v5d8ve2r9q0w4y7h6t1cz"
  private static let household: JSONValue = "hhd_01kj3v5d8ve2r9q0w4y7h6t1cz"
  private static let then: JSONValue = "2026-03-14T09:00:00Z"

  static let setUp: JSONValue = [
    "secret": "mgs_5pX2cXb0Qn2u1m8o3k4w9g", "name": "Olive", "email": email, "password": password,
  ]
  static let register: JSONValue = [
    "name": "Olive", "email": email, "password": password,
    "invitation": "mgi_0Zl2nqFJ3vYbKq7sR1dTtW8xUe4hPoCm6aGiNyVfLEs",
  ]
  static let mailReset: JSONValue = ["email": email]
  static let reset: JSONValue = [
    "secret": "mgp_0Zl2nqFJ3vYbKq7sR1dTtW8xUe4hPoCm6aGiNyVfLEs", "password": password,
  ]
  static let grant: JSONValue = ["grant_type": "password", "username": email, "password": password]
  static let proof: JSONValue = ["email": email, "password": password, "totp": code]
  static let confirm: JSONValue = ["password": password, "totp": code]
  static let tokens: JSONValue = [
    "access_token": "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJtYWdwaWUifQ.bm90IGEgc2lnbmF0dXJl", "token_type": "Bearer",
    "expires_in": 600, "refresh_token": "mgr_0Zl2nqFJ3vYbKq7sR1dTtW8xUe4hPoCm6aGiNyVfLEs",
    "scope": "read write sync admin",
  ]
  static let browser: JSONValue = ["csrf": "0Zl2nqFJ3vYbKq7sR1dTtW8xUe4hPoCm6aGiNyVfLEs"]

  static let me: JSONValue = [
    "id": user, "name": "Olive", "email": email, "locale": "en", "second_factor": false, "recovery_codes_left": 0,
    "created_at": then,
  ]
  static let changeMe: JSONValue = ["name": "Olive", "locale": "en"]
  static let changePassword: JSONValue = ["current_password": password, "new_password": "nine geese in a tall hat"]
  static let secondFactor: JSONValue = [
    "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    "address": "otpauth://totp/Magpie:olive%40money.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Magpie",
  ]
  static let confirmSecondFactor: JSONValue = ["totp": code]
  static let codes: JSONValue = ["recovery_codes": ["k3mq-7rwx-p2vt-m5ka", "h9dn-4zfc-b6gs-w2ye"]]

  static let session: JSONValue = [
    "id": "ses_01kj3v5d8ve2r9q0w4y7h6t1cz", "kind": "token", "created_at": then, "seen_at": then,
    "expires_at": "2026-04-13T09:00:00Z", "client": "curl/7.88.1", "peer": "127.0.0.1", "current": true,
  ]
  static let newKey: JSONValue = ["name": "Spreadsheet", "scopes": ["read"], "expires_at": "2099-01-01T00:00:00Z"]
  static let key: JSONValue = [
    "id": "key_01kj3v5d8ve2r9q0w4y7h6t1cz", "name": "Spreadsheet", "hint": "mgk_0Zl2", "scopes": ["read"],
    "household": household, "created_at": then, "expires_at": "2099-01-01T00:00:00Z", "used_at": .null,
  ]
  static let madeKey = key.setting("key", "mgk_0Zl2nqFJ3vYbKq7sR1dTtW8xUe4hPoCm6aGiNyVfLEs")

  static let newHousehold: JSONValue = [
    "name": "Olive’s household", "time_zone": "Europe/Berlin", "base_currency": "EUR",
  ]
  static let madeHousehold: JSONValue = [
    "id": household, "name": "Olive’s household", "role": "owner", "time_zone": "Europe/Berlin",
    "base_currency": "EUR", "first_weekday": 1, "first_month_day": 25, "created_at": then,
  ]
  static let changeHousehold: JSONValue = ["name": "Olive’s household", "first_month_day": 25]
  static let member: JSONValue = [
    "id": user, "name": "Olive", "email": email, "role": "owner", "joined_at": then,
  ]
  static let changeMember: JSONValue = ["role": "viewer"]
  static let newInvitation: JSONValue = ["role": "member", "email": "oscar@money.example"]
  static let invitation: JSONValue = [
    "id": "inv_01kj3v5d8ve2r9q0w4y7h6t1cz", "role": "member", "email": "oscar@money.example", "invited_by": user,
    "created_at": then, "expires_at": "2026-03-21T09:00:00Z",
  ]
  static let madeInvitation = invitation.setting("secret", "mgi_0Zl2nqFJ3vYbKq7sR1dTtW8xUe4hPoCm6aGiNyVfLEs")
  static let accept: JSONValue = ["secret": "mgi_0Zl2nqFJ3vYbKq7sR1dTtW8xUe4hPoCm6aGiNyVfLEs"]
  static let auditEntry: JSONValue = [
    "id": "aud_01kj3v5d8ve2r9q0w4y7h6t1cz", "at": then, "user": user, "through": "session",
    "action": "invitation.made", "subject": "inv_01kj3v5d8ve2r9q0w4y7h6t1cz", "detail": "member",
    "request_id": "req_01kj3v5d8ve2r9q0w4y7h6t1cz", "peer": "127.0.0.1",
  ]
  static let share: JSONValue = ["level": "balances"]

  /// A list that is always whole, with one row.
  static func list(_ row: JSONValue) -> JSONValue { ["data": [row]] }
}
