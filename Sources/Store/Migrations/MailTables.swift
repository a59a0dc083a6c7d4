/// Tables of mails that go out. They belong to people, and not to households.
extension Schema {
  static let mails = [
    // Written in the transaction of its cause, sealed until it is sent: some hold a link that opens something.
    """
    CREATE TABLE outgoing_mail (
      id {id} PRIMARY KEY, cause TEXT NOT NULL UNIQUE, box {blob}, made_at {int} NOT NULL, expires_at {int},
      sent_at {int}
    ) {strict}
    """,
    "CREATE INDEX outgoing_mail_age ON outgoing_mail (made_at)",
    // So that a mail is sent once for each person.
    "ALTER TABLE notification_reader ADD COLUMN mailed_at {int}",
    "CREATE INDEX notification_age ON notification (made_at)",
  ]
}
