import Store

/// Notifications about money in words.
extension NotificationFacts {
  func ofMoney(_ kind: NotificationKind?) -> Words? {
    switch kind {
    case .unusualCharge: (charge, say("Look whether it is right.", "Sehen Sie nach, ob sie stimmt."))
    case .duplicateCharge:
      (
        say(
          "\(name ?? "A shop") took \(amount ?? "the same amount") twice within three days.",
          "\(name ?? "Ein Geschäft") hat innerhalb von drei Tagen zweimal \(amount ?? "denselben Betrag") abgebucht."),
        say("If you bought once, ask for one of them back.", "Haben Sie nur einmal gekauft, verlangen Sie eine zurück.")
      )
    case .priceRise:
      (
        say(
          "\(name ?? "A recurring charge") became dearer: \(amount ?? "more")\(former(" instead of ")).",
          "\(name ?? "Eine laufende Zahlung") wurde teurer: \(amount ?? "mehr")\(former(" statt "))."),
        say("Look whether you still want it.", "Sehen Sie nach, ob Sie sie noch wollen.")
      )
    case .trialCharged:
      (
        say(
          "A trial has ended: \(name ?? "it") now takes \(amount ?? "its full price").",
          "Eine Probezeit ist vorbei: \(name ?? "sie") kostet jetzt \(amount ?? "den vollen Preis")."),
        say("If you do not want it, cancel it there.", "Wenn Sie es nicht wollen, kündigen Sie dort.")
      )
    case .fee:
      (
        say(
          "A fee or interest of \(amount ?? "some amount") was taken: \(name ?? "no name").",
          "Gebühren oder Zinsen von \(amount ?? "einem Betrag") wurden abgebucht: \(name ?? "ohne Namen")."), nil
      )
    default: ofExpectations(kind)
    }
  }

  /// What was to come, was meant, or does not fit.
  private func ofExpectations(_ kind: NotificationKind?) -> Words? {
    switch kind {
    case .missedIncome:
      (
        say(
          "\(amount ?? "Money") from \(name ?? "a payer") was expected\(due(" on ")) and has not come.",
          "\(amount ?? "Geld") von \(name ?? "jemandem") wurde\(due(" am ")) erwartet und kam nicht."),
        say("Ask the payer whether that is right.", "Fragen Sie nach, ob das stimmt.")
      )
    case .missedPayment:
      (
        say(
          "A payment of \(amount ?? "some amount") to \(name ?? "somebody") was due\(due(" on ")) and did not go out.",
          "Eine Zahlung von \(amount ?? "einem Betrag") an \(name ?? "jemanden") war\(due(" am ")) fällig und blieb aus."
        ),
        say(
          "If it should have gone out, pay it before it costs you a fee.",
          "Wenn sie fällig ist, zahlen Sie, bevor es Gebühren kostet.")
      )
    case .lowBalance:
      (
        say(
          "Your liquid accounts may fall below zero\(due(" by ")).",
          "Ihre flüssigen Konten könnten\(due(" bis ")) unter null fallen."),
        say(
          "That is what habits and known payments come to before the next income. Move money in time.",
          "Das ergeben Gewohnheiten und bekannte Zahlungen vor dem nächsten Eingang. Buchen Sie rechtzeitig um.")
      )
    case .doesNotAddUp:
      (
        say(
          "\(name ?? "An account") does not add up: \(amount ?? "something") is not explained by its rows.",
          "\(name ?? "Ein Konto") geht nicht auf: \(amount ?? "etwas") wird durch seine Buchungen nicht erklärt."),
        say(
          "Compare with the bank: a row may be missing, or be there twice.",
          "Vergleichen Sie mit der Bank: Eine Buchung fehlt vielleicht oder ist doppelt.")
      )
    case .turnedFeed:
      (
        say(
          "The rows of \(name ?? "an account") seem to be the wrong way round.",
          "Die Buchungen von \(name ?? "einem Konto") scheinen verkehrt herum zu sein."),
        say(
          "Look at the account, and turn it if money that came in is shown as spent.",
          "Sehen Sie das Konto an und drehen Sie es um, wenn Eingänge als Ausgaben erscheinen.")
      )
    case .budgetOverspent:
      (
        say(
          "More is spent on \(name ?? "something") than its budget allows: \(amount ?? "more")\(former(" of ")).",
          "Für \(name ?? "etwas") ist mehr ausgegeben, als das Budget erlaubt: \(amount ?? "mehr")\(former(" von "))."),
        nil
      )
    default: nil
    }
  }

  private var charge: String {
    guard let name, let amount else {
      return say("A charge is higher than usual.", "Eine Abbuchung ist höher als sonst.")
    }
    return say(
      "A charge of \(amount) by \(name) is higher than usual.",
      "Eine Abbuchung von \(amount) durch \(name) ist höher als sonst.")
  }

  /// What a bank wrote is shown without characters that could turn the line around.
  private var name: String? {
    let kinds: Set<Unicode.GeneralCategory> = [.control, .format, .lineSeparator, .paragraphSeparator]
    let name = (text("about") ?? text("payee")).map { text in
      String(String.UnicodeScalarView(text.unicodeScalars.filter { !kinds.contains($0.properties.generalCategory) }))
    }
    return name.flatMap { $0.isEmpty ? nil : $0 }
  }

  private var amount: String? { text("amount").map { "\($0) \(text("currency") ?? "")" } }
  private func former(_ word: String) -> String { text("compared").map { word + $0 } ?? "" }
  private func due(_ word: String) -> String { day("day").map { word + $0 } ?? "" }
}
