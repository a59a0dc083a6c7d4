// The rules of a life as data: who pays, what recurs, what people are in the habit of buying, and what will happen.
//
// A plan is made once from (persona, seed, first day). Living it (``Life``) adds nothing that a later day could change.

import Finance

/// Everything a persona does with money. Accounts are named by their index.
struct Plan {
  let seed: UInt64
  let from: CalendarDate
  let city: City
  var holder: BankHolder
  var accounts: [BankAccount] = []
  var jobs: [Job] = []
  var bills: [Bill] = []
  var subscriptions: [Subscription] = []
  var habits: [Habit] = []
  var happenings: [Happening] = []
  var standing: [StandingTransfer] = []
  var cushions: [Cushion] = []
  var cards: [CardPayment] = []
  var loans: [LoanPayment] = []
  var investing: [Investing] = []
  var friends: [Friends] = []
  var travel: Travel?
  var advances: Advances?
  var cash: CashHabit?
  var appetite: Appetite?
  var larder: Larder?
  var car: Car?
  /// Days on which the household moved: favourite shops change.
  var moves: [Int] = []
  /// The account that pays what names none.
  var checking = 0
  /// The account most purchases are put on.
  var daily = 0

  mutating func add(_ account: BankAccount) -> Int {
    accounts.append(account)
    return accounts.count - 1
  }

  func chance(_ rule: StaticString, _ index: Int = 0) -> Chance { Chance(seed, rule, 0, index) }
}

/// From one day until before another; `.max` for ever. Days since 1970.
struct Span {
  var from: Int = .min
  var until: Int = .max

  func contains(_ day: Int) -> Bool { from <= day && day < until }
}

/// What something costs.
enum Price {
  case fixed(Int64)
  case between(Int64, Int64)
  /// A base, and percents of it for January to December.
  case seasonal(Int64, [Int64])
  /// From each day on, the amount; in order.
  case steps([(from: Int, minor: Int64)])
  /// A base that rises by so many in a thousand every New Year after the first year given.
  case rising(Int64, perMille: Int64, since: Int)
}

/// Where wages come from.
struct Job {
  var employer: String
  /// As the payroll writes it, at most 22 characters.
  var descriptor: String
  var worker: String
  var rhythm: Rhythm
  var netMinor: Int64
  /// Hours vary: up to so many percent either way.
  var swingPercent: Int64 = 0
  var raisePerMille: Int64 = 30
  var account: Int
  var span = Span()
  /// On leave, paid so many percent.
  var leave: (span: Span, percent: Int64)?
  /// A yearly bonus: month, and what arrives.
  var bonus: (month: Int, minor: Int64)?
  var retirement: Retirement?
  var category = BankCategory.incomeSalary

  /// Contributions of each pay, and the employer's match.
  struct Retirement {
    var account: Int
    var ownMinor: Int64
    var matchMinor: Int64
    var security: String
  }
}

/// How a bill is paid.
enum Rail {
  case card, ach, check
}

/// A debit that recurs.
struct Bill {
  var payee: String
  var descriptor: String
  var category: BankCategory
  var rhythm: Rhythm
  var price: Price
  var account: Int
  var rail = Rail.ach
  var span = Span()
  var site: String?
  /// A merchant of the tables, for bills on a card.
  var merchant: Merchant?
  /// Kept on its nominal day even if that is a Sunday (rent by cheque).
  var shift = Rhythm.Shift.after
}

/// What renews on a card.
struct Subscription {
  var merchant: Merchant
  var rhythm: Rhythm
  var price: Price
  var account: Int
  var span = Span()
  /// Free days at the start, announced by a hold of a dollar that vanishes.
  var trialDays = 0
}

/// Buying something now and then, and the sooner the longer it was not done.
struct Habit {
  /// No other habit of the plan has it.
  var name: StaticString
  var merchants: [Merchant]
  var favourites = 3
  /// How often a favourite is chosen, in a thousand.
  var loyalty = 780
  /// How many times in a thousand Mondays to Sundays it is done, in the long run; at most once a day.
  var week: [Int]
  var need = Need.longing
  /// How much of a purchase goes into the larder, in percent.
  var fillsLarder: Int64 = 0
  var account: Int
  /// Chance in a thousand that the other account pays.
  var other: (account: Int, perMille: Int)?
  /// Hours of the day.
  var hours = 9...20
  /// Amounts in percent of the merchant's.
  var scale: Int64 = 100
  /// Chances in December, in percent.
  var december = 100
  var span = Span()
  /// Only while at home.
  var atHome = true
}

/// Something that happens once.
struct Happening {
  var day: Int
  var what: What

  enum What {
    case purchase(Merchant, Int64, account: Int)
    /// Money out by cheque: payee, category.
    case check(String, BankCategory, Int64)
    case ach(payee: String, descriptor: String, BankCategory, Int64)
    /// Money in.
    case credit(payer: String, descriptor: String, BankCategory, Int64)
    case transfer(from: Int, to: Int, Int64)
    /// Sells so many thousandths of a position and sends the money to the checking account.
    case sale(investing: Int, security: String, perMille: Int64)
    case wire(to: String, Int64)
  }
}

/// Money moved between own accounts on a fixed day.
struct StandingTransfer {
  var rhythm: Rhythm
  var minor: Int64
  var from: Int
  var to: Int
  var span = Span()
}

/// Keeps an account between two waterlines out of a reserve.
struct Cushion {
  var account: Int
  var reserve: Int
  /// Below: take from the reserve, most days.
  var lowMinor: Int64
  var refillMinor: Int64
  /// Above, on the day of the month: move what is over `keepMinor`.
  var highMinor: Int64
  var keepMinor: Int64
  var skimDay: Int
  /// How often someone notices that the account is low, in a thousand per working day.
  var attention = 720
}

/// A card paid from another account after its statement.
struct CardPayment {
  var card: Int
  var payer: Int
  var statementDay: Int
  /// Days from the statement to the payment.
  var payAfter: Int
  /// How much of the statement is paid, in percent; 100 means no interest.
  var percent: Int64 = 100
  var minimumMinor: Int64
  var rateBasisPoints: Int64
}

/// A loan's instalment, with interest and escrow on the loan's side.
struct LoanPayment {
  var loan: Int
  var payer: Int
  var day: Int
  var instalmentMinor: Int64
  var escrowMinor: Int64 = 0
  var rateBasisPoints: Int64
  var servicer: String
  var descriptor: String
  var category: BankCategory
}

/// Money put into securities.
struct Investing {
  var account: Int
  /// Nil: nothing is sent from a bank account.
  var payer: Int?
  var rhythm: Rhythm
  var minor: Int64
  /// Securities and their shares, in percent.
  var allocation: [(security: String, percent: Int64)]
  var broker: String
  var reinvests = true
  /// A yearly fee in hundredths of a percent, taken quarterly.
  var feeBasisPoints: Int64 = 0
  /// A fixed fee on every sale.
  var saleFeeMinor: Int64 = 0
  var span = Span()
}

/// Dollars sent to and from friends by phone.
struct Friends {
  var account: Int
  /// `Venmo`, `Zelle`, `Cash App`.
  var app: String
  /// Chances in a thousand per day.
  var sends: Int
  var receives: Int
  var low: Int64
  var high: Int64
}

/// When and where the household goes on holiday.
struct Travel {
  /// The card that works abroad.
  var card: Int
  /// An account in a foreign currency and the account that fills it.
  var foreign: (account: Int, currency: String, payer: Int)?
  /// One a summer, in turn.
  var destinations: [Destination]
  /// The summer of the first destination.
  var firstYear: Int
  /// No journey abroad begins in it (a newborn).
  var athome = Span(from: .max, until: .max)
  var weekends: Int
  var nights: ClosedRange<Int>
  /// People who travel: tickets, and the size of a table.
  var people: Int64
}

/// People spend more when there is more than they are used to, and less when there is less.
///
/// Without it every rule would be independent of every other, and small errors of a plan would add up over the years.
struct Appetite {
  /// What people look at: bank accounts, and the cards that they owe.
  var accounts: [Int]
  /// What they are used to on the first day, and how much more every day: what they mean to put by.
  var startMinor: Int64
  var perDayMinor: Int64
  /// So much above or below changes chances by one percent.
  var stepMinor: Int64
  var percents = 55...150
}

/// Early access to wages.
struct Advances {
  var account: Int
  var merchants: [(name: String, descriptor: String)]
  var belowMinor: Int64
  var amounts: [Int64]
  var feeMinor: Int64
}

/// Cash from machines.
struct CashHabit {
  var account: Int
  /// On how many of a thousand days somebody goes to one, in the long run.
  var perMille: Int
  var amounts: [Int64]
  /// How often the machine belongs to another bank, in a thousand.
  var foreignMachine: Int
}
