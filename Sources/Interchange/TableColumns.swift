/// What the columns of a bank's table mean, by their names in the languages that banks write them in.
package enum ColumnRole: String, Sendable, CaseIterable {
  case date, amount
  /// Two columns in place of signs.
  case debit, credit
  /// A word that says which way the amount goes.
  case direction
  case payee, description
  /// The bank's own name of the row, which never changes.
  case id
  case currency
  /// Where the row is filed, by a category's code or name: our own export's, or another program's.
  case category
  /// What the account held after the row.
  case balance
  /// Whose row it is, in a table of several accounts.
  case account
  case ignored = "-"
}

/// What a person said about a table. What is nil is guessed.
package struct TableLayout: Sendable, Equatable {
  package var columns: [ColumnRole]?
  package var dayOrder: DayOrder?
  package var decimalMark: DecimalMark?
  /// The bank writes what is spent as positive, as some do for cards.
  package var isTurned: Bool

  package init(
    columns: [ColumnRole]? = nil, dayOrder: DayOrder? = nil, decimalMark: DecimalMark? = nil, isTurned: Bool = false
  ) {
    (self.columns, self.dayOrder, self.decimalMark, self.isTurned) = (columns, dayOrder, decimalMark, isTurned)
  }
}

/// How a table was read, so that a person can correct it.
package struct TableGuess: Sendable, Equatable {
  package struct Column: Sendable, Equatable {
    /// As the table calls it; nil when it has no names.
    package var name: String?
    package var role: ColumnRole
    /// Of the first rows.
    package var samples: [String]
  }

  package var encoding = "utf-8"
  /// One character.
  package var delimiter: String
  package var columns: [Column]
  package var dayOrder: DayOrder
  /// No other order would do.
  package var isDayOrderSure: Bool
  package var decimalMark: DecimalMark
  package var isTurned: Bool
}

enum TableColumns {
  /// The first of a role's names that a table has is taken; folded as ``Words/folded(_:)`` does.
  private static let names: [(role: ColumnRole, names: [String])] = [
    (
      .date,
      [
        "booked on", "booking date", "posted date", "posting date", "post date", "date posted", "buchungstag",
        "buchungsdatum", "buchung", "date de comptabilisation", "date comptable", "date operation",
        "date de l operation", "fecha operacion", "fecha de operacion", "fecha contable", "fecha", "data contabile",
        "data operazione", "data movimento", "data", "boekdatum", "boekingsdatum", "rentedatum", "data ksiegowania",
        "data operacji", "data lancamento", "bokforingsdag", "bokforingsdatum", "bokfoert dato", "bogfoert",
        "bogfoert dato", "dato", "transaction date", "trans date", "occurred on", "date", "datum", "completed date",
        "started date", "umsatzdatum", "belegdatum", "kaufdatum", "wertstellung", "wertstellungsdatum", "valuta",
        "valutadatum", "value date", "date valeur", "date de valeur", "time", "created",
      ]
    ),
    (
      .debit,
      [
        "debit", "debit amount", "withdrawal", "withdrawals", "withdrawal amt", "paid out", "money out", "outflow",
        "soll", "belastung", "lastschrift", "ausgabe", "ausgaben", "debit eur", "debito", "cargo", "dare", "uscite",
        "addebiti", "af", "debet", "uit", "wyplata", "obciazenia", "ut", "ud", "belastung in chf",
      ]
    ),
    (
      .credit,
      [
        "credit", "credit amount", "deposit", "deposits", "deposit amt", "paid in", "money in", "inflow", "haben",
        "gutschrift", "einnahme", "einnahmen", "credit eur", "credito", "abono", "avere", "entrate", "accrediti", "bij",
        "in", "wplata", "uznania", "inn", "ind", "gutschrift in chf",
      ]
    ),
    (
      .amount,
      [
        "amount", "betrag", "umsatz", "betrag eur", "betrag in eur", "montant", "montant eur", "importe", "importo",
        "bedrag", "bedrag eur", "kwota", "valor", "belopp", "beloeb", "belop", "beloep", "buchungsbetrag", "amount eur",
        "amount usd", "amount gbp", "transaction amount", "net", "summe", "value", "kwota operacji",
      ]
    ),
    (
      .direction,
      [
        "soll haben", "s h", "d c", "dc", "debit credit", "credit debit", "credit debit indicator",
        "creditdebitindicator", "cr dr", "dr cr", "af bij", "sens", "signo", "dare avere", "transaction type",
        "debit or credit", "richtung",
      ]
    ),
    (
      .payee,
      [
        "payee", "name", "merchant", "merchant name", "beguenstigter zahlungspflichtiger", "auftraggeber empfaenger",
        "auftraggeber beguenstigter", "beguenstigter auftraggeber", "beguenstigter", "zahlungspflichtige r",
        "zahlungsempfaenger e", "name zahlungsbeteiligter",
        "beneficiary", "beneficiary name", "empfaenger", "zahlungsempfaenger", "auftraggeber", "partnername",
        "partner name", "counterparty", "counterparty name", "to", "tiers", "beneficiaire", "beneficiario",
        "ordenante beneficiario", "naam omschrijving", "naam tegenpartij", "tegenpartij", "naam", "kontrahent",
        "mottagare",
        "modtager", "mottaker", "contact", "vendor",
      ]
    ),
    (
      .description,
      [
        "description", "original description", "transaction description", "memo", "details", "narrative",
        "verwendungszweck", "buchungstext", "beschreibung", "text", "buchungsdetails", "libelle", "libelle operation",
        "concepto", "descripcion", "descrizione", "descrizione operazione", "causale", "omschrijving", "mededelingen",
        "omschrijving 1", "tytul", "opis", "opis operacji", "descricao", "historico", "beskrivning", "tekst",
        "beskrivelse", "reference", "payment reference", "particulars", "note", "notes", "zahlungsreferenz",
      ]
    ),
    (
      .id,
      [
        "id", "transaction id", "transaktions id", "fitid", "unique id", "bank id", "transaktionsnummer",
        "transactionid", "volgnr", "reference number",
      ]
    ),
    (.currency, ["currency", "waehrung", "devise", "divisa", "moneda", "valuta code", "munt", "waluta", "moeda"]),
    (.category, ["category", "kategorie", "categorie", "categoria", "kategoria", "kategori", "category name"]),
    (
      .balance,
      [
        "balance", "running balance", "running bal", "saldo", "saldo nach buchung", "solde", "saldo na trn",
        "saldo nach umsatz", "kontostand", "available balance",
      ]
    ),
    (
      .account,
      [
        "account", "account name", "account number", "auftragskonto", "iban auftragskonto", "bezeichnung auftragskonto",
        "rekening", "rekeningnummer", "iban bban", "compte", "cuenta", "conto", "konto", "nr rachunku",
      ]
    ),
  ]

  /// What the names of columns say; nil when they are not names.
  static func roles(of cells: [String]) -> [ColumnRole]? {
    let folded = cells.map { cell in
      // `Betrag (€)`, `Amount [USD]`: the unit says nothing about the column.
      Words.folded(String(cell.prefix { $0 != "(" && $0 != "[" }))
    }
    var roles = [ColumnRole](repeating: .ignored, count: cells.count)
    for (role, names) in names {
      if role == .description {
        // There may be several, and all are the bank's words.
        for (index, cell) in folded.enumerated() where roles[index] == .ignored && names.contains(cell) {
          roles[index] = role
        }
        continue
      }
      let found = names.lazy.compactMap { name in
        folded.indices.first { roles[$0] == .ignored && folded[$0] == name }
      }.first
      if let found { roles[found] = role }
    }
    if roles.contains(.amount), !roles.contains(.direction) {
      // Beside an amount a single column of debits or credits repeats it.
      for index in roles.indices where [.debit, .credit].contains(roles[index]) { roles[index] = .ignored }
    }
    let hasAmount = roles.contains { [.amount, .debit, .credit].contains($0) }
    return roles.contains(.date) && hasAmount ? roles : nil
  }

  private static func looksLikeAmount(_ text: String) -> Bool {
    text.contains { $0.isNumber }
      && (WrittenAmount.read(text, .point) != nil || WrittenAmount.read(text, .comma) != nil)
  }

  /// Whether there is a day, and an amount beside it.
  static func looksLikeRow(_ cells: [String]) -> Bool {
    guard let day = cells.firstIndex(where: WrittenDay.looksLikeDay) else { return false }
    return cells.indices.contains { $0 != day && looksLikeAmount(cells[$0]) }
  }

  /// What the cells themselves look like, where columns have no names.
  static func roles(like rows: ArraySlice<[String]>) -> [ColumnRole] {
    let width = rows.map(\.count).max() ?? 0
    var roles = [ColumnRole](repeating: .ignored, count: width)
    func share(_ column: Int, _ test: (String) -> Bool) -> Bool {
      let cells = rows.compactMap { $0.indices.contains(column) && !$0[column].isEmpty ? $0[column] : nil }
      return !cells.isEmpty && cells.filter(test).count * 5 >= cells.count * 4
    }
    if let date = (0..<width).first(where: { share($0, WrittenDay.looksLikeDay) }) { roles[date] = .date }
    let amounts = (0..<width).filter { roles[$0] == .ignored && share($0, looksLikeAmount) }
    // Amounts have cents; whole numbers are more likely numbers of something.
    let cents = amounts.filter { share($0) { $0.contains(".") || $0.contains(",") } }
    if let amount = cents.first ?? amounts.first { roles[amount] = .amount }
    let texts = (0..<width).filter { roles[$0] == .ignored && share($0) { $0.contains { $0.isLetter } } }
    for text in texts { roles[text] = text == texts.first ? .payee : .description }
    return roles
  }
}
