import Basics
import Finance
import Testing

@testable import Interchange

/// Rows as a person would tell them: day, amount, name.
private func told(_ file: StatementFile, _ statement: Int = 0) -> [String] {
  file.statements[statement].rows.map { "\($0.bookedOn) \($0.amount) \($0.name)" }
}

private func read(
  _ text: String, as format: StatementFormat? = nil, _ layout: TableLayout = TableLayout()
) throws -> StatementFile { try StatementFile.read(Array(text.utf8), as: format, layout) }

@Suite struct `A table of a bank` {
  @Test func `is read by the names of its columns`() throws {
    let file = try read(
      "Date,Description,Amount,Balance\n03/12/2026,COFFEE #4,-3.50,96.50\n03/31/2026,PAY,\"1,200.00\",1296.50\n")
    #expect(file.format == .csv)
    #expect(told(file) == ["2026-03-12 -3.5 COFFEE #4", "2026-03-31 1200 PAY"])
    #expect(file.guess?.dayOrder == .mdy && file.guess?.isDayOrderSure == true)
    let closing = try #require(file.statements[0].closing)
    #expect("\(closing.day) \(closing.amount)" == "2026-03-31 1296.5")
  }

  @Test func `is read in German, with lines before it and letters of Windows`() throws {
    let text = """
      "Kontoauszug";"Girokonto";
      "Zeitraum";"01.03.2026 - 31.03.2026";

      "Buchungstag";"Wertstellung";"Beg\u{FC}nstigter / Auftraggeber";"Verwendungszweck";"Betrag (\u{80})";"Saldo"
      "31.03.2026";"31.03.2026";"M\u{FC}ller GmbH";"Gehalt M\u{E4}rz";"2.345,67";"2.300,00"
      "02.03.2026";"03.03.2026";"B\u{E4}cker";"Brot; und Kuchen";"-45,67";"-45,67"
      """
    let latin = text.unicodeScalars.map { UInt8($0.value) }
    let file = try StatementFile.read(latin)
    #expect(file.guess?.encoding == "windows-1252")
    #expect(file.guess?.delimiter == ";")
    #expect(file.guess?.decimalMark == .comma)
    #expect(told(file) == ["2026-03-31 2345.67 Müller GmbH", "2026-03-02 -45.67 Bäcker"])
    #expect(file.statements[0].rows[1].words.hasSuffix("Brot; und Kuchen"))
    // The newest stands first: its balance closes.
    #expect(file.statements[0].closing?.amount == DecimalText("2300"))
  }

  @Test(arguments: [
    ("Datum\tSoll\tHaben\tText\n1.2.2026\t5,00\t\tA\n2.2.2026\t\t7,25\tB\n", ["2026-02-01 -5 A", "2026-02-02 7.25 B"]),
    (
      "Date,Debit,Credit,Description\n2026-02-01,-5.00,,A\n2026-02-02,,7.25,B\n",
      ["2026-02-01 -5 A", "2026-02-02 7.25 B"]
    ),
    (
      "\"Datum\",\"Naam / Omschrijving\",\"Rekening\",\"Tegenrekening\",\"Code\",\"Af Bij\",\"Bedrag (EUR)\"\n"
        + "\"20260201\",\"Bakker\",\"NL01\",\"NL02\",\"BA\",\"Af\",\"5,00\"\n"
        + "\"20260202\",\"Werk\",\"NL01\",\"\",\"OV\",\"Bij\",\"7,25\"\n",
      ["2026-02-01 -5 Bakker", "2026-02-02 7.25 Werk"]
    ),
    ("2026-02-01,A,-5.00\n2026-02-02,B,7.25\n", ["2026-02-01 -5 A", "2026-02-02 7.25 B"]),
    (
      "Kontoauszug;;\nTag;Wer;Wert\n03.02.2026;Bäcker;-3,50\n04.02.2026;Gehalt;2.000,00\nSumme;;1.996,50\n",
      ["2026-02-03 -3.5 Bäcker", "2026-02-04 2000 Gehalt"]
    ),
    ("Fecha|Concepto|Importe\n13/02/2026|Pan|-1.234,50\n", ["2026-02-13 -1234.5 Pan"]),
    (
      "Date,Payee,Amount\n5 Mar 2026,A,$(12.50)\n\"Mar 6, 2026\",B,1 000.5\n",
      ["2026-03-05 -12.5 A", "2026-03-06 1000.5 B"]
    ),
  ])
  func `tells debits from credits however a bank writes them`(text: String, rows: [String]) throws {
    #expect(told(try read(text)) == rows)
  }

  @Test func `is corrected by whoever knows better`() throws {
    let text = "a,b,c,d\n01/02/2026,7,Shop,5.00\n03/02/2026,9,Shop,6.00\n"
    let layout = TableLayout(columns: [.date, .ignored, .payee, .amount], dayOrder: .dmy, isTurned: true)
    let file = try read(text, layout)
    #expect(told(file) == ["2026-02-01 -5 Shop", "2026-02-03 -6 Shop"])
    #expect(file.guess?.columns.map(\.role) == [.date, .ignored, .payee, .amount])
    #expect(file.guess?.columns.map(\.name) == ["a", "b", "c", "d"])
    #expect(file.guess?.columns[3].samples == ["5.00", "6.00"])
  }

  @Test func `says which lines it could not read`() throws {
    let file = try read(
      "Date,Name,Amount\n2026-02-30,A,1.00\n2026-02-01,B,much\n2026-02-02,\"C\nD\",1.00\nTotal,,3.00\n")
    #expect(file.statements[0].unreadable == [.init(2, .noDay), .init(3, .noAmount), .init(6, .noDay)])
    #expect(told(file) == ["2026-02-02 1 C D"])
  }

  @Test func `of several accounts is several statements`() throws {
    let text = """
      id,occurred_on,booked_on,account_id,account,name,merchant,original_description,amount,currency
      txn_1,2026-03-12,2026-03-13,acc_1,Checking,Tectra,,'=TECTRA 0312,-12.34,USD
      txn_2,2026-03-12,2026-03-13,acc_2,Card,Shop,,SHOP,-1.00,EUR
      """
    let file = try read(text)
    #expect(file.statements.map(\.account) == ["Checking", "Card"])
    #expect(told(file) == ["2026-03-13 -12.34 Tectra"])
    #expect(file.statements[0].rows[0].bankID == "txn_1")
    #expect(file.statements[0].rows[0].words == "Tectra =TECTRA 0312", "what spreadsheets need is undone")
    #expect(file.statements[1].rows[0].currency == Currency(iso: "EUR"))
  }

  @Test func `is bounded, and nothing else is taken for one`() throws {
    #expect(throws: StatementError.empty) { try read(" \n\t\n") }
    #expect(throws: StatementError.tooLarge(bytesMax: StatementFile.bytesMax)) {
      try StatementFile.read([UInt8](repeating: 65, count: StatementFile.bytesMax + 1))
    }
    #expect(throws: StatementError.tooManyRows(max: StatementFile.rowsMax)) {
      try read("Date,Amount\n" + String(repeating: "2026-01-01,1\n", count: StatementFile.rowsMax + 100))
    }
    let others = [
      "%PDF-1.7\n1,2\n", "<html><body>a,b</body></html>", "PK\u{0}\u{3},,", "Dear all\nthis is prose\n",
      #"{"date": "2026-01-05", "amount": 1}"#, "\n [1, 2]\n",
    ]
    for text in others {
      #expect(throws: StatementError.unknownFormat, "\(text)") { try read(text) }
    }
  }

  @Test func `is read in the encodings that begin with a mark`() throws {
    let text = "Date;Payee;Amount\n2026-02-01;Bäcker;-1,50\n"
    let wide = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let other = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    for bytes in [[0xEF, 0xBB, 0xBF] + Array(text.utf8), [0xFF, 0xFE] + wide, [0xFE, 0xFF] + other] {
      #expect(told(try StatementFile.read(bytes)) == ["2026-02-01 -1.5 Bäcker"])
    }
  }
}

@Suite struct `Amounts and days as banks write them` {
  @Test(
    arguments: [
      ("1.234,56", DecimalMark.comma, "1234.56"), ("1,234.56", .point, "1234.56"), ("-0,5", .comma, "-0.5"),
      ("12,34-", .comma, "-12.34"), ("(7.00)", .point, "-7"), ("\u{2212}3", .point, "-3"),
      ("1'234.50", .point, "1234.5"),
      ("EUR 12,00", .comma, "12"), ("12,00 €", .comma, "12"), ("5.00 DR", .point, "-5"), ("5.00 CR", .point, "5"),
      (",50", .comma, "0.5"), ("100.", .point, "100"), ("+4", .point, "4"), ("Fr. 5.00", .comma, nil),
      ("Fr. 5.00", .point, "5"), ("1,23,456.5", .point, "123456.5"),
      ("", .point, nil), ("-", .point, nil), ("1.2.3", .point, nil), ("12 apples and 3", .point, nil),
      ("1e5", .point, nil),
      ("--5", .point, nil), ("1.,5", .comma, nil), ("12,34.5", .point, nil),
    ] as [(String, DecimalMark, String?)])
  func `amounts`(text: String, mark: DecimalMark, value: String?) {
    #expect(WrittenAmount.read(text, mark)?.text == value)
  }

  @Test(
    arguments: [
      (["1,50", "2.000,00"], DecimalMark.comma), (["1,000"], nil), (["1,000", "2.5"], .point), (["1,000,000"], .point),
      (["1.000.000"], .comma), (["12"], nil),
    ] as [([String], DecimalMark?)])
  func `decimal marks`(texts: [String], mark: DecimalMark?) { #expect(WrittenAmount.mark(of: texts) == mark) }

  @Test(
    arguments: [
      ("2026-03-05", DayOrder.dmy, "2026-03-05"), ("05.03.26", .dmy, "2026-03-05"), ("3/5/2026", .mdy, "2026-03-05"),
      ("20260305", .dmy, "2026-03-05"), ("20260305101500", .mdy, "2026-03-05"),
      ("2026-03-05T10:00:00Z", .mdy, "2026-03-05"),
      ("5. März 2026", .mdy, "2026-03-05"), ("Thu Mar 05 2026", .dmy, "2026-03-05"),
      ("05/03/2026 14:12", .dmy, "2026-03-05"),
      ("5-MAR-99", .dmy, "1999-03-05"), ("31.02.2026", .dmy, nil), ("13/13/2026", .mdy, nil), ("12.50", .dmy, nil),
      ("", .ymd, nil), ("0000000000000000000000", .ymd, nil), ("1/2/3", .dmy, nil),
    ] as [(String, DayOrder, String?)])
  func `days`(text: String, order: DayOrder, day: String?) {
    #expect(WrittenDay.read(text, order)?.description == day)
  }

  @Test func `an order that all days leave open is the one that makes the shortest way`() {
    let days = ["02/01/2026", "03/01/2026", "05/01/2026", "09/01/2026"]
    #expect(WrittenDay.order(of: days, standard: .mdy) == (.dmy, false))
    #expect(WrittenDay.order(of: days + ["13/01/2026"], standard: .mdy) == (.dmy, true))
    #expect(WrittenDay.order(of: [], standard: .mdy) == (.mdy, false))
  }
}

@Suite struct `A file of Open Financial Exchange` {
  private static let old = """
    OFXHEADER:100
    DATA:OFXSGML
    VERSION:102
    CHARSET:1252

    <OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD
    <BANKACCTFROM><BANKID>1<ACCTID>12345-6<ACCTTYPE>CHECKING</BANKACCTFROM>
    <BANKTRANLIST><DTSTART>20260301<DTEND>20260331
    <STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260312120000.000[-5:EST]<TRNAMT>-12.34<FITID>A1<NAME>B&amp;B < Sons<MEMO>CARD 4711
    </STMTTRN>
    <STMTTRN><TRNTYPE>CHECK<DTPOSTED>20260313<TRNAMT>-1,234.00<FITID>A2<CHECKNUM>319</STMTTRN>
    <STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260399<TRNAMT>-1.00<FITID>A3<NAME>Never</STMTTRN>
    <STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260314<TRNAMT>-1.00<FITID>A4<NAME>Abroad<CURRENCY><CURRATE>1.1<CURSYM>EUR</CURRENCY></STMTTRN>
    </BANKTRANLIST>
    <LEDGERBAL><BALAMT>100.50<DTASOF>20260331</LEDGERBAL>
    <AVAILBAL><BALAMT>90.00<DTASOF>20260331</AVAILBAL>
    </STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
    """

  @Test func `without end tags`() throws {
    let file = try read(Self.old)
    #expect(file.format == .ofx)
    #expect(file.statements.count == 1)
    let statement = file.statements[0]
    #expect(statement.account == "12345-6" && statement.currency == .usd)
    #expect(
      told(file) == ["2026-03-12 -12.34 B&B < Sons", "2026-03-13 -1234 Check 319", "2026-03-14 -1 Abroad"])
    #expect(statement.rows.map(\.bankID) == ["A1", "A2", "A4"])
    #expect(statement.rows[2].currency == Currency(iso: "EUR"))
    #expect(statement.unreadable.map(\.reason) == [.noDay])
    #expect(statement.closing?.amount == DecimalText("100.5"))
  }

  @Test func `as XML, on one line and with a card`() throws {
    let file = try read(
      "<?xml version=\"1.0\"?><?OFX OFXHEADER=\"200\"?><OFX><CREDITCARDMSGSRSV1><CCSTMTTRNRS><CCSTMTRS><CURDEF>EUR</CURDEF>"
        + "<CCACCTFROM><ACCTID>4111</ACCTID></CCACCTFROM><BANKTRANLIST><STMTTRN><DTPOSTED>20260312</DTPOSTED>"
        + "<TRNAMT>-1,50</TRNAMT><FITID>1</FITID><PAYEE><NAME>Café</NAME><CITY>Rome</CITY></PAYEE>"
        + "<BANKACCTTO><ACCTID>99</ACCTID></BANKACCTTO><MEMO/></STMTTRN></BANKTRANLIST></CCSTMTRS></CCSTMTTRNRS>"
        + "</CREDITCARDMSGSRSV1></OFX>")
    #expect(told(file) == ["2026-03-12 -1.5 Café"])
    #expect(file.statements[0].account == "4111")
  }

  @Test func `whose names of rows name nothing`() throws {
    func row(_ id: String, _ amount: String, _ name: String) -> String {
      "<STMTTRN><DTPOSTED>20260312<TRNAMT>\(amount)<FITID>\(id)<NAME>\(name)</STMTTRN>"
    }
    let file = try read(
      "<OFX><STMTRS><CURDEF>USD" + row("0", "-1.00", "A") + row("0", "-2.00", "B") + row("7", "-3.00", "C")
        + row("7", "-3.00", "C") + "</STMTRS></OFX>")
    #expect(file.statements[0].rows.map(\.bankID) == [nil, nil, "7"], "one name on two rows names none")
  }
}

@Suite struct `A statement of ISO 20022` {
  private static func entry(_ inside: String, status: String = "<Sts>BOOK</Sts>", amount: String = "10.00") -> String {
    "<Ntry><Amt Ccy=\"EUR\">\(amount)</Amt><CdtDbtInd>DBIT</CdtDbtInd>\(status)<BookgDt><Dt>2026-03-12</Dt></BookgDt>"
      + inside + "</Ntry>"
  }

  private static func document(_ entries: String) -> String {
    "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"b\">]><ns:Document xmlns:ns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">"
      + "<ns:BkToCstmrStmt><ns:Stmt><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>"
      + "<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>"
      + "<Dt><Dt>2026-03-31</Dt></Dt></Bal>" + entries + "</ns:Stmt></ns:BkToCstmrStmt></ns:Document>"
  }

  @Test func `tells entries, batches, and what is not booked yet`() throws {
    let detail = { (amount: String, name: String) in
      "<TxDtls><Refs><AcctSvcrRef>NOTPROVIDED</AcctSvcrRef></Refs><AmtDtls><TxAmt><Amt Ccy=\"EUR\">\(amount)</Amt></TxAmt></AmtDtls>"
        + "<RltdPties><Dbtr><Nm>Me</Nm></Dbtr><Cdtr><Pty><Nm>\(name)</Nm></Pty></Cdtr></RltdPties>"
        + "<RmtInf><Ustrd>for \(name)</Ustrd></RmtInf></TxDtls>"
    }
    let file = try read(
      Self.document(
        Self.entry("<AcctSvcrRef>R1</AcctSvcrRef><NtryDtls>\(detail("10.00", "Baker"))</NtryDtls>")
          + Self.entry(
            "<NtryDtls>\(detail("4.00", "A"))\(detail("6.00", "B"))</NtryDtls>", status: "<Sts><Cd>BOOK</Cd></Sts>")
          + Self.entry("<NtryDtls>\(detail("4.00", "A"))\(detail("5.00", "B"))</NtryDtls>")
          + Self.entry("", status: "<Sts>PDNG</Sts>") + Self.entry("", amount: "ten")))
    #expect(file.format == .camt)
    #expect(
      told(file) == [
        "2026-03-12 -10 Baker", "2026-03-12 -4 A", "2026-03-12 -6 B", "2026-03-12 -10 A",
      ])
    let statement = file.statements[0]
    #expect(statement.account == "DE02120300000000202051" && statement.currency == Currency(iso: "EUR"))
    #expect(statement.rows[0].words == "Baker for Baker")
    #expect(statement.unreadable.map(\.reason) == [.notBooked, .noAmount])
    #expect(statement.closing?.amount == DecimalText("-5"))
  }

  @Test func `neither defines nor includes anything`() throws {
    let bomb = "<!DOCTYPE Document [<!ENTITY a SYSTEM \"file:///etc/passwd\"><!ENTITY b \"&a;&a;\">]>"
    let file = try read(bomb + Self.document(Self.entry("<AddtlNtryInf>&b;&#65;&amp;</AddtlNtryInf>")), as: .camt)
    #expect(told(file) == ["2026-03-12 -10 &b;A&"])
  }
}

@Suite struct `A statement of SWIFT` {
  private static let text = """
    {1:F01X}{4:
    :20:1
    :25:10020030/1234567
    :28C:5/1
    :60F:C251231EUR1000,00
    :61:2601011231DR12,34NTRFNONREF//99
    :86:020?00LASTSCHRIFT?20EREF+1 MREF+2 SVWZ+Strom De?21zember?30BIC?32Stadt?33werke
    :61:2602300228C20,NINTNONREF
    :86:/TRTP/SEPA/NAME/Baker/REMI/USTD//Bread 7/EREF/NO/
    :61:260302RD5,00NCHK1
    plain words
    :61:nonsense
    :62F:D260302EUR1,50
    -}
    """

  @Test func `is read with what German and Dutch banks write`() throws {
    let file = try read(Self.text)
    #expect(file.format == .mt940)
    #expect(told(file).count == 3)
    #expect(told(file)[0] == "2025-12-31 -12.34 Stadtwerke", "booked in the year before its value")
    #expect(file.statements[0].rows[0].words == "Stadtwerke Strom Dezember")
    #expect(told(file)[1] == "2026-02-28 20 Baker")
    #expect(file.statements[0].rows[1].words == "Baker Bread 7")
    #expect(told(file)[2].hasPrefix("2026-03-02 5 "), "a debit taken back")
    #expect(file.statements[0].unreadable.map(\.reason) == [.malformed])
    #expect(file.statements[0].closing?.amount == DecimalText("-1.5"))
    #expect(file.statements[0].currency == Currency(iso: "EUR"))
  }

  @Test func `for each day is one for the account`() throws {
    let second = Self.text.replacing(":61:2601011231DR12,34", with: ":61:260401D7,00").replacing(
      "D260302", with: "C260401")
    let file = try read(Self.text + "\n" + second)
    #expect(file.statements.count == 1 && file.statements[0].rows.count == 6)
    #expect(file.statements[0].closing?.day == CalendarDate("2026-04-01"))
  }
}

@Suite struct `Words of a bank` {
  @Test func `are one line without signs that steer`() {
    let row = StatementRow(
      line: 1, bookedOn: CalendarDate(days: 1), amount: .zero, payee: "  A\u{202E}b\u{0}\n c ",
      description: "A b c and more")
    #expect(row.name == "Ab c")
    #expect(Words.plain(String(repeating: "ab ", count: 500), max: 10) == "ab ab ab a")
    #expect(Words.folded("Bäcker  GmbH & Co. 4711") == "baecker gmbh co 4711")
  }
}
