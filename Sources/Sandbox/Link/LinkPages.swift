import Basics
import JSON

/// The pages of the stand-in for Link: forms and words, readable on a phone and by a screen reader.
struct LinkPages: Sendable {
  struct Choice: Sendable {
    var account: BankAccount
    var isChosen: Bool
  }

  var token: LinkToken
  var session: LinkSession
  var institution: Institution?
  /// Names the one script of the last page to the browser.
  var nonce: String

  var bank: String { institution?.name ?? "the bank" }

  func institutions(query: String) -> String {
    let wanted = query.lowercased()
    let banks = Institution.all.filter { bank in
      !Set(token.countries).isDisjoint(with: bank.countries)
        && (wanted.isEmpty || bank.name.lowercased().contains(wanted))
    }
    let search = """
      <form method="get" action="\(FakeLink.path)" role="search">\(hidden(step: nil))
      <label for="q">Find your bank</label>
      <input id="q" name="q" type="search" value="\(Self.escaped(query))" autocomplete="off">
      <button class="plain">Search</button></form>
      """
    let list = banks.map { bank in
      """
      <li><form method="post" action="\(FakeLink.submitPath)">\(hidden(step: "institution"))
      <input type="hidden" name="institution" value="\(bank.id)">
      <button class="bank"><span class="tile" style="background:\(bank.color)" aria-hidden="true"></span>\
      \(Self.escaped(bank.name))</button></form></li>
      """
    }
    let none = banks.isEmpty ? "<p>No bank here is called that.</p>" : ""
    return page(
      "Choose your bank",
      "<p>\(Self.escaped(appName)) asks to see accounts of yours. These banks are simulated.</p>"
        + search + none + "<ul class=\"banks\">" + list.joined(separator: "\n") + "</ul>" + exitForm)
  }

  func credentials(_ refusal: Refusal?) -> String {
    let isRepair = token.item != nil
    let tell = """
      <label class="account"><input type="checkbox" name="login_repaired" value="yes"> \
      <span>Send LOGIN_REPAIRED, as if another app had repaired it</span></label>
      """
    let form = """
      <form method="post" action="\(FakeLink.submitPath)">\(hidden(step: "credentials"))
      <label for="username">User name</label>
      <input id="username" name="username" required autocomplete="off" autocapitalize="none" value="user_good">
      <label for="password">Password</label>
      <input id="password" name="password" type="text" required autocomplete="off" autocapitalize="none" value="pass_good">
      \(isRepair ? tell : "")
      <button>\(isRepair ? "Sign in again" : "Sign in")</button></form>
      <details><summary>What to type</summary><ul>
      <li><code>user_good</code> with <code>pass_good</code>: a household</li>
      <li><code>user_good</code> with <code>mfa_device</code>: asks for the code 1234</li>
      <li><code>user_good</code> with <code>error_ITEM_LOCKED</code>, or another error code: that failure</li>
      <li><code>user_transactions_dynamic</code>, <code>user_yuppie</code>, <code>user_small_business</code>,
      <code>user_ewa_user</code>, <code>user_saver</code> with any password: other lives</li>
      <li><code>user_custom</code> with a description in JSON as the password</li></ul></details>
      """
    let title = isRepair ? "Sign in to \(bank) again" : "Sign in to \(bank)"
    return page(title, complaint(refusal) + form + exitForm)
  }

  func consent() -> String {
    page(
      "\(bank): share your accounts?",
      """
      <p>You are on the bank's own page, where it asks whether \(Self.escaped(appName)) may see your accounts.</p>
      <form method="post" action="\(FakeLink.submitPath)">\(hidden(step: "consent"))
      <button>Allow</button></form>
      """ + exitForm)
  }

  func secondFactor(_ signIn: SignIn, round: Int, _ refusal: Refusal?) -> String {
    let fields = (0..<signIn.rounds.each).map { question -> String in
      let label =
        switch signIn.secondFactor {
        case .code: "Code sent to your device (it is 1234)"
        case .selections:
          "Selection \(round).\(question) (the right one is \(signIn.answer(round: round, question: question)))"
        default: "Question \(round).\(question) (the answer is \(signIn.answer(round: round, question: question)))"
        }
      return """
        <label for="answer\(question)">\(Self.escaped(label))</label>
        <input id="answer\(question)" name="answer\(question)" required autocomplete="one-time-code">
        """
    }
    return page(
      "\(bank) wants to be sure it is you",
      complaint(refusal)
        + """
        <form method="post" action="\(FakeLink.submitPath)">\(hidden(step: "mfa"))
        \(fields.joined(separator: "\n"))
        <button>Continue</button></form>
        """ + exitForm)
  }

  func accounts(_ choices: [Choice], _ refusal: Refusal?) -> String {
    let boxes = choices.map { choice in
      let account = choice.account
      return """
        <label class="account"><input type="checkbox" name="account" value="\(Self.escaped(account.key))"\
        \(choice.isChosen ? " checked" : "")> <span>\(Self.escaped(account.name)) <small>\
        \(Self.escaped(account.subtype)) ••\(Self.escaped(account.mask))</small></span></label>
        """
    }
    return page(
      "Which accounts?",
      complaint(refusal)
        + """
        <form method="post" action="\(FakeLink.submitPath)">\(hidden(step: "accounts"))
        <fieldset><legend>Accounts to share with \(Self.escaped(appName))</legend>
        \(boxes.joined(separator: "\n"))</fieldset>
        <button>Connect</button></form>
        """ + exitForm)
  }

  func dead(_ refusal: Refusal) -> String {
    page(
      "\(bank) cannot be connected now",
      complaint(refusal)
        + """
        <form method="get" action="\(FakeLink.path)">\(hidden(step: nil))
        <button class="plain">Choose another bank</button></form>
        """ + exitForm)
  }

  func done() -> String {
    switch session.outcome {
    case .finished(let publicToken, _):
      let message: JSONValue = [
        "source": "sandbox-link", "type": "success", "public_token": .string(publicToken),
        "metadata": (session.metadata ?? .object([])).setting("link_session_id", .string(session.id)),
      ]
      return page(
        "Connected",
        """
        <p>\(Self.escaped(bank)) is connected. You can close this page.</p>
        <p>Public token: <output id="public-token">\(Self.escaped(publicToken))</output></p>
        """ + script(message))
    case .repaired:
      return page(
        "Connected again",
        "<p>\(Self.escaped(bank)) works again. You can close this page.</p>"
          + script(["source": "sandbox-link", "type": "success", "public_token": nil]))
    case .exited, .open:
      return page(
        "Closed",
        "<p>Nothing was connected. You can close this page.</p>"
          + script(["source": "sandbox-link", "type": "exit"]))
    }
  }
}
