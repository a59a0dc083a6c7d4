import Basics
import JSON
package import Store

/// A notification in words. Pure: what the words need is in its row.
package struct NotificationWords: Sendable, Equatable {
  package var title: String
  /// What to do; nil when there is nothing to be done.
  package var advice: String?

  package init(_ row: ListedNotification, in language: Language = .english) {
    let (facts, kind) = (NotificationFacts(row, language), NotificationKind(rawValue: row.kind))
    let words = facts.ofConnections(kind) ?? facts.ofMoney(kind) ?? facts.others(row)
    (title, advice) = words
  }
}

/// What the words of a notification are made of.
struct NotificationFacts {
  typealias Words = (String, String?)

  let say: Language
  private let bank: String
  private let body: JSONValue?

  init(_ row: ListedNotification, _ language: Language) {
    say = language
    bank = row.institutionName ?? language("A bank", "Eine Bank")
    body = try? JSONValue.parse(Array(row.body.utf8))
  }

  func text(_ name: String) -> String? { body?[name]?.string }
  func day(_ name: String) -> String? { text(name).map { String($0.prefix(10)) } }

  /// Those about a connection.
  func ofConnections(_ kind: NotificationKind?) -> Words? {
    switch kind {
    case .firstDays:
      (say("The first days of \(bank) are here.", "Die ersten Tage von \(bank) sind da."), nil)
    case .historyComplete:
      (say("All that \(bank) has of its history is here.", "Alles, was \(bank) an Vergangenem hat, ist da."), nil)
    case .signInNeeded:
      (
        say("\(bank) wants you to sign in again.", "\(bank) möchte, dass Sie sich neu anmelden."),
        say(
          "Sign in at the bank again through this connection.",
          "Melden Sie sich über diese Verbindung neu bei der Bank an.")
      )
    case .expiring:
      (
        say(
          "The connection to \(bank) ends\(day("ends_at").map { " on \($0)" } ?? " soon").",
          "Die Verbindung zu \(bank) endet \(day("ends_at").map { "am \($0)" } ?? "bald")."),
        say(
          "Sign in at the bank again before that, and nothing is interrupted.",
          "Melden Sie sich vorher neu bei der Bank an, dann wird nichts unterbrochen.")
      )
    case .revoked:
      (
        say("The connection to \(bank) was ended there.", "Die Verbindung zu \(bank) wurde dort beendet."),
        say(
          "What is here stays. Link the bank again if you want its data.",
          "Was hier ist, bleibt. Verbinden Sie die Bank neu, wenn Sie ihre Daten wollen.")
      )
    case .accountRevoked:
      (
        say("\(bank) no longer shows one of your accounts.", "\(bank) zeigt eines Ihrer Konten nicht mehr."),
        say(
          "What is here stays. Sign in at the bank again to show it.",
          "Was hier ist, bleibt. Melden Sie sich neu bei der Bank an, um es zu zeigen.")
      )
    case .newAccounts:
      (
        say("\(bank) has accounts that are not linked.", "\(bank) hat Konten, die nicht verbunden sind."),
        say(
          "Sign in again to choose which to show.", "Melden Sie sich neu an, um zu wählen, welche gezeigt werden.")
      )
    case .stale:
      (
        say(
          "Nothing new has come from \(bank)\(day("since").map { " since \($0)" } ?? " for a long time").",
          "Von \(bank) kam \(day("since").map { "seit \($0)" } ?? "lange") nichts Neues."),
        say(
          "Look at the bank whether that is right; if not, sign in again through this connection.",
          "Sehen Sie bei der Bank nach, ob das stimmt; wenn nicht, melden Sie sich neu an.")
      )
    default: nil
    }
  }

  private var securityTitle: String {
    switch text("action") {
    case "password.changed": say("Your password was changed.", "Ihr Passwort wurde geändert.")
    case "second_factor.added": say("A second factor was set up.", "Ein zweiter Faktor wurde eingerichtet.")
    case "second_factor.removed":
      say("Your second factor was taken away.", "Ihr zweiter Faktor wurde entfernt.")
    case "recovery_codes.renewed":
      say("New recovery codes were made.", "Neue Wiederherstellungscodes wurden gemacht.")
    case "api_key.made": say("An API key was made in your name.", "In Ihrem Namen wurde ein API-Schlüssel gemacht.")
    case "member.role_changed":
      say("Your role in a household was changed.", "Ihre Rolle in einem Haushalt wurde geändert.")
    case "sign_in.token_reused":
      say(
        "A sign-in of yours was used from two places, and was ended.",
        "Eine Ihrer Anmeldungen wurde an zwei Orten benutzt und beendet.")
    case "connection.removed":
      say("A bank connection of yours was ended.", "Eine Ihrer Bankverbindungen wurde beendet.")
    case "connection.erased":
      say(
        "A bank connection and all that came with it was erased.",
        "Eine Bankverbindung und alles, was mit ihr kam, wurde gelöscht.")
    case "simulated.erased":
      say(
        "The simulated banks and all that came with them were erased.",
        "Die simulierten Banken und alles, was mit ihnen kam, wurden gelöscht.")
    case "account.erased":
      say("An account and its transactions were erased.", "Ein Konto und seine Buchungen wurden gelöscht.")
    case "export.made":
      say("Your transactions were exported to a file.", "Ihre Buchungen wurden in eine Datei ausgegeben.")
    default:
      say("Something about how you sign in was changed.", "An Ihrer Anmeldung wurde etwas geändert.")
    }
  }

  private var household: String? { text("household").flatMap { $0.isEmpty ? nil : "\u{201C}\($0)\u{201D}" } }

  func others(_ row: ListedNotification) -> Words {
    switch NotificationKind(rawValue: row.kind) {
    case .deadLetter:
      (
        say(
          "\(row.institutionName.map { "Work for \($0)" } ?? "Some work") was given up after several tries.",
          "\(row.institutionName.map { "Arbeit für \($0)" } ?? "Eine Arbeit") wurde nach mehreren Versuchen aufgegeben."
        ),
        say(
          "It is tried again on schedule; to try at once, look at the list of jobs that were given up.",
          "Nach Plan wird es wieder versucht; sofort geht es in der Liste der aufgegebenen Arbeiten.")
      )
    case .budgetPassed:
      (
        say("The calls to banks of this day are used up.", "Die Anfragen an Banken sind für heute aufgebraucht."),
        say(
          "It goes on tomorrow. MAGPIE_CALLS_PER_DAY says how many a day has.",
          "Morgen geht es weiter. MAGPIE_CALLS_PER_DAY sagt, wie viele ein Tag hat.")
      )
    case .webhookDisabled:
      (
        say(
          "The address \(text("host") ?? "") is told nothing more: it only failed.",
          "Die Adresse \(text("host") ?? "") erfährt nichts mehr: sie schlug nur fehl."),
        say(
          "Put it right, and make it active again: it goes on where it ended.",
          "Bringen Sie sie in Ordnung und schalten Sie sie wieder ein: es geht dort weiter, wo es endete.")
      )
    case .invitation:
      (
        say(
          "You are invited to \(household ?? "a household").",
          "Sie sind in \(household ?? "einen Haushalt") eingeladen."),
        say(
          "Open the link of the invitation: it came by mail, or whoever invited you has it.",
          "Öffnen Sie den Link der Einladung: er kam mit der Post, oder wer Sie einlädt, hat ihn.")
      )
    case .security:
      (
        securityTitle,
        say(
          "If that was not you, set a new password and end all sign-ins.",
          "Wenn Sie das nicht waren, setzen Sie ein neues Passwort und beenden Sie alle Anmeldungen.")
      )
    default: (say("Something happened: \(row.kind).", "Etwas ist geschehen: \(row.kind)."), nil)
    }
  }
}
