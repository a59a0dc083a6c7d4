import Basics
import Databases
import Store
import Testing

@testable import App

@Suite struct `A bank's file that is imported by command` {
  private let dwelling = Dwelling()
  private var path: String { dwelling.data + "-statement.csv" }
  private static let file = """
    Date,Payee,Amount
    2026-03-02,Corner shop,-12.50
    2026-03-02,Corner shop,-12.50
    2026-03-05,Wages,1800.00
    not a day,Nothing,1.00

    """

  @Test func `is shown first, written when that is said, and brings nothing the second time`() async throws {
    Folder.put(Self.file, path)
    let shown = await dwelling.run("import \(path) --new Old --currency USD")
    #expect(shown.code == 0 && shown.output.hasPrefix("3 rows new, 0 there already\n"), "\(shown)")
    #expect(shown.output.contains("line 5 (no_day)") && shown.output.contains("Nothing is written yet"), "\(shown)")
    #expect(await dwelling.run("transactions").output.contains("Corner shop") == false)
    let written = await dwelling.run("import \(path) --new Old --currency USD --write")
    #expect(written.code == 0 && written.output.contains("Written as one change, "), "\(written)")
    let rows = await dwelling.run("transactions --account old")
    #expect(rows.lines.count { $0.contains("Corner shop") } == 2 && rows.output.contains("1,800.00"), "\(rows)")
    let home = try await dwelling.home()
    let audited = try await home.database.read { [scope = home.scope] in
      try Audit.list(isOwnOnly: false, before: nil, limit: 50, scope, $0).map(\.action)
    }
    #expect(audited.count { $0 == "import.made" } == 1)
    let again = await dwelling.run("import \(path) --account old --write")
    #expect(
      again.output.contains("0 rows new, 3 there already") && again.output.contains("nothing to write"), "\(again)")
    #expect(await dwelling.run("transactions --account old").output == rows.output)
  }

  @Test func `counts in what it says itself, whatever was thought`() async {
    Folder.put(
      """
      :20:STARTUMS
      :25:10020030/1234567
      :28C:1/1
      :60F:C260301EUR100,00
      :61:2603020302D12,50NMSCNONREF
      :86:Corner shop
      :62F:C260302EUR87,50

      """, path)
    let shown = await dwelling.run("import \(path) --new Old --currency USD")
    #expect(shown.output.contains("1 row new") && shown.output.contains("-12.50 EUR"), "\(shown)")
  }

  @Test func `is read as it is said where the guess was wrong, and filed where it says`() async {
    Folder.put(
      "Wann,Wer,Was,Soviel,Kategorie\n03.02.26,Kiosk,Tea,2,General_Merchandise\n04.02.26,Kiosk,Tea,3,Nowhere\n", path)
    let command = "import \(path) --new Till --currency EUR"
    let guessed = await dwelling.run(command)
    #expect(guessed.output.contains("The table was read as --columns "), "\(guessed)")
    let said = await dwelling.run(
      command + " --columns date,payee,description,amount,category --day-order ymd --decimal comma --turned")
    #expect(said.output.contains("2003-02-26") && said.output.contains("-2.00 EUR"), "\(said)")
    #expect(
      said.output.contains(
        "--columns date,payee,description,amount,category --day-order ymd --decimal comma --turned"), "\(said)")
    let written = await dwelling.run(command + " --columns date,payee,-,amount,category --day-order dmy --write")
    #expect(written.code == 0, "\(written)")
    let rows = await dwelling.run("transactions --account till --json")
    #expect(rows.output.contains("GENERAL_MERCHANDISE") && rows.output.contains("2026-02-03"), "\(rows)")
    let wrong = await dwelling.run(command + " --columns date,price")
    #expect(wrong.code == 2 && wrong.complaints.contains("--columns takes date, amount, "), "\(wrong)")
    #expect(await dwelling.run(command + " --decimal dot").complaints.contains("--decimal takes comma, point"))
  }

  @Test func `is refused in a sentence where it is none, or nobody knows where it goes`() async {
    Folder.put("%PDF-1.7\n", path)
    let none = await dwelling.run("import \(path) --new Old --currency USD")
    #expect(none.code == 1 && none.complaints.contains("is no CSV, OFX, QFX, camt or MT940 file"), "\(none)")
    let missing = await dwelling.run("import /nowhere/at/all.csv --new Old")
    #expect(missing.code == 1 && missing.complaints.contains("/nowhere/at/all.csv cannot be read"), "\(missing)")
    Folder.put(Self.file, path)
    #expect(await dwelling.run("import \(path)").code == 2)
    #expect(await dwelling.run("import \(path) --new Old").complaints.contains("--currency is missing"))
    #expect(await dwelling.run("import \(path) --account nobody").complaints.contains("no account is called"))
    #expect(await dwelling.run("import \(path) --new Old --account old").code == 2)
  }
}
