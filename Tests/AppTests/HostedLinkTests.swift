import Basics
import HTTP
import JSON
import Sandbox
import Testing

@testable import App

/// A person who opens the page that a command shows.
private struct Reader: Sendable {
  let bank: TroubledBank
  private let addresses: AsyncStream<String>
  private let sink: AsyncStream<String>.Continuation

  init(_ bank: TroubledBank) {
    self.bank = bank
    (addresses, sink) = AsyncStream.makeStream(of: String.self)
  }

  /// Runs a command; once it shows an address, `visit` gets the token in it.
  func run(_ line: String, visit: @escaping @Sendable (String) async -> Void) async -> Outcome {
    async let outcome = bank.dwelling.run(
      line, bank.environment,
      heard: { [sink] text in
        if let range = text.firstRange(of: "?token=") {
          sink.yield(String(text[range.upperBound...].prefix { !$0.isWhitespace }))
        }
      })
    for await token in addresses {
      await visit(token)
      break
    }
    return await outcome
  }

  func page(_ token: String) async -> String { await ask("GET", "/fake-link?token=\(token)") }

  /// Fills in a form of a page, and gets the next one.
  func submit(_ step: String, _ fields: String, on page: String, _ token: String) async -> String {
    let session = Self.value(page, after: "name=\"session\" value=\"")
    return await ask("POST", "/fake-link/submit", "token=\(token)&session=\(session)&step=\(step)&\(fields)")
  }

  static func value(_ page: String, after mark: String) -> String {
    guard let range = page.firstRange(of: mark) else { return "" }
    return String(page[range.upperBound...].prefix { $0 != "\"" })
  }

  private func ask(_ method: String, _ path: String, _ body: String = "") async -> String {
    let request = Request(
      method, path, headers: ["Content-Type": "application/x-www-form-urlencoded"], body: Array(body.utf8))
    return String(decoding: await bank.server.handle(request).body, as: UTF8.self)
  }
}

@Suite struct `Signing in on a page` {
  @Test func `links a bank, and signs in again when the bank wants it`() async throws {
    let bank = try TroubledBank()
    let reader = Reader(bank)
    let linked = await reader.run("link") { token in
      var page = await reader.page(token)
      page = await reader.submit("institution", "institution=ins_109508", on: page, token)
      page = await reader.submit("credentials", "username=user_yuppie&password=pass_good", on: page, token)
      let account = Reader.value(page, after: "name=\"account\" value=\"")
      _ = await reader.submit("accounts", "account=\(account)", on: page, token)
    }
    #expect(linked.code == 0 && linked.output.contains("Open this page, sign in at your bank"), "\(linked)")
    #expect(linked.output.contains("Linked First Platypus Bank.") && linked.output.contains(" new, back to "))
    let shown = try JSONValue.parse(await bank.run("connections --json").output)["data"]?.elements ?? []
    #expect(shown.count == 1 && shown[0]["accounts"]?.int == 1)

    let state = await bank.control("state")
    let item = try #require(state["items"]?.elements.first?["item_id"])
    await bank.control("item/break", ["item_id": item])
    let broken = await bank.run("sync")
    #expect(broken.code == ExitCode.signIn.rawValue && broken.complaints.contains("magpie link --renew"), "\(broken)")
    let again = Reader(bank)
    let renewed = await again.run("link --renew platypus") { token in
      let page = await again.page(token)
      _ = await again.submit("credentials", "username=user_yuppie&password=pass_good", on: page, token)
    }
    #expect(renewed.code == 0 && renewed.output.contains("Signed in again at First Platypus Bank"), "\(renewed)")
    #expect(await bank.run("connections").output.contains("works"))
    await bank.server.stop()
  }

  @Test func `that is left links nothing, and says so`() async throws {
    let bank = try TroubledBank()
    let reader = Reader(bank)
    let left = await reader.run("link --json") { token in
      var page = await reader.page(token)
      page = await reader.submit("institution", "institution=ins_109508", on: page, token)
      _ = await reader.submit("exit", "", on: page, token)
    }
    #expect(left.code == ExitCode.signIn.rawValue && left.output.isEmpty, "\(left)")
    #expect(left.complaints.contains("Open this page") && left.complaints.contains("run magpie link again"))
    #expect(await bank.run("connections --all").output.contains("No bank is linked yet"))
    await bank.server.stop()
  }
}
