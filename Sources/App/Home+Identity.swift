import API
import Basics
import Crypto
import Store

extension Home {
  /// Who people are, with the settings of this installation.
  var identity: Identity {
    let keys = keys
    return Identity(
      database: database, world: world,
      sealing: .init(
        seal: { try keys.seal($0, associatedData: $1) }, open: { try keys.openText($0, associatedData: $1) }),
      passwords: PasswordWorkers(cost: configuration.passwordCost), registration: configuration.registration,
      publicURL: configuration.publicURL,
      slowsGuesses: configuration.isRateLimited, mailroom: mailroom)
  }
}
