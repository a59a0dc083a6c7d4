import API
import Basics
import Crypto
import Databases
import Finance
import HTTP
import Plaid
import Sandbox

/// Every error that may reach a person, as one line that says what to do, with the exit code that belongs to it.
package enum Fault {
  /// - Parameter directory: Where the data is, to name files; nil when it was never opened.
  package static func failure(_ error: any Error, directory: DataDirectory? = nil) -> Failure {
    switch error {
    case let failure as Failure: failure
    case let error as ConfigurationError: Failure(error.description, .attention)
    case let error as DatabaseError: database(error, directory)
    case let error as MigrationError: migration(error, directory)
    case let error as FeedError: feed(error)
    case let error as PlaidError: feed(error.feedError)
    case let error as BanksError: banks(error, directory)
    case let error as JournalTrouble: Failure(error.description, .attention)
    case let error as SealedBoxError: box(error)
    case let error as CannotListen: Failure("\(error); set MAGPIE_PORT or --port to another one", .attention)
    case let error as any UserFacingError: problem(error.problem)
    case is CancellationError: Failure("stopped; nothing is lost, and the next run goes on", .later)
    default: Failure("\(error)")
    }
  }

  private static func database(_ error: DatabaseError, _ directory: DataDirectory?) -> Failure {
    let file = directory?.databaseName ?? "the database"
    let isServer = directory?.server != nil
    return switch error.kind {
    case .tryAgain where isServer:
      Failure("\(file) is busy (\(error.message)): try again", .later)
    case .disconnected where isServer:
      Failure("\(file) cannot be used (\(error.message)): check the server, and DATABASE_URL", .later)
    case .full where isServer:
      Failure("the disk of \(file) is full; nothing was changed. Make room and run the same again", .attention)
    case .damaged where isServer:
      Failure("\(file) says that its data is damaged: \(error.message)", .attention)
    case .programmer where isServer && error.sql.isEmpty:
      Failure("\(file): \(error.message)", .attention)
    case .tryAgain:
      Failure("\(file) is locked by another program: wait for it, or stop it, and try again", .later)
    case .full:
      Failure("the disk is full; nothing was changed. Make room and run the same again", .attention)
    case .damaged:
      Failure("\(file) is damaged or no database: move it away and put a backup in its place", .attention)
    case .disconnected:
      Failure(
        "\(file) cannot be read or written (\(error.message)): check the disk and who owns the file", .attention)
    case .conflict, .programmer: Failure("Magpie made a mistake with its database: \(error.message)")
    }
  }

  private static func migration(_ error: MigrationError, _ directory: DataDirectory?) -> Failure {
    let file = directory?.databaseName ?? "the database"
    return switch error {
    case .newerSchema(let found, let known):
      Failure(
        """
        \(file) was written by a newer Magpie (tables \(found), this one knows \(known)): run that version, or put \
        back a backup from before
        """, .attention)
    case .changed(let version, _):
      Failure(
        "\(file) was made by another build of Magpie (its tables differ at step \(version)): run that one", .attention)
    }
  }

  private static func banks(_ error: BanksError, _ directory: DataDirectory?) -> Failure {
    switch error {
    case .bank(let error): feed(error)
    case .storage(let kind?): database(DatabaseError(kind: kind, message: "no details"), directory)
    case .alreadyLinked(let id, let bank):
      Failure(
        "\(bank ?? "this bank") is linked already, as \(id); --adopt links it anew and carries its accounts on")
    case .badPublicToken:
      Failure("Plaid does not know this public token: it is used, older than 30 minutes, or of another environment")
    case .unknownConnection: Failure("there is no such connection; magpie connections lists them")
    case .removed: Failure("that connection was removed; link the bank again to get new data")
    case .linkedElsewhere(let environment, let host):
      Failure(
        """
        that connection was linked at \(host) (\(environment)): start Magpie with the settings from then, or link the \
        bank again
        """, .attention)
    case .sandboxOnly:
      Failure("invented banks exist only with PLAID_ENV=sandbox or the simulated bank; this is production", .attention)
    case .locked(let reason):
      Failure("a bank token cannot be opened (\(reason)); see magpie keys", .attention)
    case .orphaned, .otherHousehold, .storage(nil): Failure("\(error)")
    case .cancelled: Failure("stopped; nothing is lost, and the next run goes on", .later)
    }
  }

  private static func box(_ error: SealedBoxError) -> Failure {
    switch error {
    case .unknownKey(let id):
      Failure("a bank token needs the key \(id), which is not here: put encryption.key back", .attention)
    case .notABox, .forged:
      Failure("a bank token in the database was changed or damaged: link that bank again", .signIn)
    }
  }

  private static func problem(_ problem: Problem) -> Failure {
    let code: ExitCode = [429, 502, 503, 504].contains(problem.status) ? .later : .failed
    let title = problem.title.hasSuffix(".") ? String(problem.title.dropLast()) : problem.title
    return Failure(problem.detail.map { "\(title): \($0)" } ?? title, code)
  }

  /// What a bank or Plaid said, and what to do about it.
  static func feed(_ error: FeedError) -> Failure {
    let fault = error.fault
    let said = (fault.displayMessage ?? fault.message).isEmpty ? fault.code : fault.displayMessage ?? fault.message
    let reference = fault.requestID.map { " [\(fault.code), request \($0)]" } ?? " [\(fault.code)]"
    return switch error {
    case .reauthenticate:
      Failure("the bank wants you to sign in again (magpie link --renew): \(said)\(reference)", .signIn)
    case .gone:
      Failure("access to the bank has ended; link it again: \(said)\(reference)", .signIn)
    case .wait(let pause, _):
      Failure("too many requests; try again in \(words(pause))\(reference)", .later)
    case .notReady:
      Failure("the bank is still gathering its data; try again in a minute\(reference)", .later)
    case .retry:
      Failure("\(passing(fault))\(reference)", .later)
    case .configuration:
      Failure("\(configuration(fault, said))\(reference)", .attention)
    case .unsupported:
      Failure("the bank does not offer this: \(said)\(reference)")
    case .mutated, .cursorRefused, .accountsChanged:
      Failure("the bank's data changed while it was read; try again\(reference)", .later)
    case .bug where fault.code == "INVALID_INSTITUTION":
      Failure("Plaid knows no such bank\(reference); ids look like ins_109508")
    case .bug:
      Failure("Plaid did not understand the request: \(said)\(reference)")
    }
  }

  private static func passing(_ fault: FeedFault) -> String {
    switch fault.code {
    case "CANNOT_CONNECT", "TIMED_OUT", "CUT", "FAILED":
      "Plaid is out of reach (\(fault.message)): check the network, and PLAID_BASE_URL if it is set"
    case "TLS":
      "no safe connection (\(fault.message)): check this machine's clock and its certificates"
    case "MALFORMED_ANSWER":
      "what answered is not Plaid (\(fault.message)): check PLAID_BASE_URL and any proxy, then try again"
    case "INSTITUTION_DOWN", "INSTITUTION_NOT_RESPONDING", "INSTITUTION_NOT_AVAILABLE":
      "the bank is out of reach at the moment; try again later"
    default: "a passing failure (\(fault.displayMessage ?? fault.message)); try again later"
    }
  }

  private static func configuration(_ fault: FeedFault, _ said: String) -> String {
    switch fault.code {
    case "INVALID_API_KEYS":
      "Plaid refuses the keys: check PLAID_CLIENT_ID, PLAID_SECRET, and that PLAID_ENV is the one they are for"
    case "BAD_URL", "INSECURE": "PLAID_BASE_URL cannot be used (\(said))"
    case "INVALID_PRODUCT", "PRODUCTS_NOT_SUPPORTED":
      "your Plaid account lacks a product: check PLAID_PRODUCTS (\(said))"
    default: "Plaid refuses: \(said); look at https://dashboard.plaid.com"
    }
  }

  /// A pause in the largest unit that says it.
  static func words(_ pause: Duration) -> String {
    let seconds = max(1, pause.milliseconds / 1000)
    if seconds < 90 { return "\(seconds) s" }
    return seconds < 5400 ? "\((seconds + 59) / 60) min" : "\((seconds + 3599) / 3600) h"
  }
}
