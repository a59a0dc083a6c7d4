package import Basics
package import Finance
import JSON

/// From Plaid's words to ours. The only place that knows both; here the signs are turned, once.
extension PlaidClient {
  /// One Item as the engine sees it.
  ///
  /// - Parameter withStreams: Asks for recurring streams too, for which Plaid takes extra.
  package func feed(accessToken: Secret<String>, withStreams: Bool = false) -> BankFeed {
    let streams: @Sendable () async throws(FeedError) -> FeedStreams? = { () throws(FeedError) in
      let answer = try await optional { () throws(PlaidError) in try await transactionsRecurringGet(accessToken) }
      guard let answer else { return nil }
      return try self.streams(answer)
    }
    return BankFeed(
      page: { cursor throws(FeedError) in
        let answer = try await asFeedError { () throws(PlaidError) in
          try await transactionsSync(accessToken, cursor: cursor)
        }
        return try page(answer)
      },
      rows: { raw throws(FeedError) in
        do throws(JSONError) {
          return TransactionReader.rows(try JSONDocument(raw).root)
        } catch {
          throw .retry(FeedFault(type: "CLIENT", code: "MALFORMED_ANSWER", message: "a page is not JSON"))
        }
      },
      row: { raw in
        guard let document = try? JSONDocument(raw) else {
          return .unreadable(
            FeedUnreadable(id: nil, reason: "the row is not JSON", raw: String(decoding: raw, as: UTF8.self)))
        }
        return TransactionReader.row(document.root)
      },
      accounts: { () throws(FeedError) in
        let answer = try await asFeedError { () throws(PlaidError) in try await accountsGet(accessToken) }
        let item = answer.root["item"]
        let read = read(try list("accounts", of: answer), id: "account_id of an account") {
          AccountReader.account($0, isLive: false)
        }
        return FeedAccounts(
          accounts: read.values, institutionID: item?["institution_id"]?.string,
          institutionName: item?["institution_name"]?.string,
          consentExpiresAt: item?["consent_expiration_time"]?.string.flatMap { Timestamp(rfc3339: $0) },
          unreadable: read.unreadable)
      },
      holdings: { () throws(FeedError) in
        guard let answer = try await optional({ () throws(PlaidError) in try await holdingsGet(accessToken) }) else {
          return nil
        }
        return try holdings(answer)
      },
      investmentTransactions: { from, through, offset throws(FeedError) in
        let answer = try await optional { () throws(PlaidError) in
          try await investmentsTransactionsGet(accessToken, from: from, through: through, offset: offset)
        }
        guard let answer else { return nil }
        return try investmentTransactions(answer)
      },
      liabilities: { () throws(FeedError) in
        guard let answer = try await optional({ () throws(PlaidError) in try await liabilitiesGet(accessToken) }) else {
          return nil
        }
        return try liabilities(answer)
      },
      streams: withStreams ? streams : nil)
  }

  private func asFeedError<Value>(
    _ body: () async throws(PlaidError) -> Value
  ) async throws(FeedError) -> Value {
    do throws(PlaidError) {
      return try await body()
    } catch {
      throw error.feedError
    }
  }

  /// For a product an Item may lack: nil when the bank has no such accounts. A consent that leaves the product out
  /// is no reason to send the person back to the bank.
  private func optional(
    _ body: () async throws(PlaidError) -> PlaidAnswer
  ) async throws(FeedError) -> PlaidAnswer? {
    do throws(PlaidError) {
      return try await body()
    } catch {
      switch error.code {
      case "NO_INVESTMENT_ACCOUNTS", "NO_LIABILITY_ACCOUNTS": return nil
      case "ADDITIONAL_CONSENT_REQUIRED", "ACCESS_NOT_GRANTED": throw .unsupported(error.fault)
      default: throw error.feedError
      }
    }
  }

  private func page(_ answer: PlaidAnswer) throws(FeedError) -> FeedPage {
    let root = answer.root
    guard let nextCursor = root["next_cursor"]?.string else { throw answer.lacks("next_cursor").feedError }
    guard let hasMore = root["has_more"]?.bool else { throw answer.lacks("has_more").feedError }
    // A page without its lists would pass for one on which nothing happened.
    for list in ["added", "modified", "removed"] where root[list]?.kind != .array {
      throw answer.lacks(list).feedError
    }
    let progress: FeedProgress =
      switch root["transactions_update_status"]?.string {
      case "NOT_READY": .notReady
      case "INITIAL_UPDATE_COMPLETE": .initial
      case "HISTORICAL_UPDATE_COMPLETE": .historical
      default: .unknown
      }
    var oldest: CalendarDate?
    for list in [root["added"], root["modified"]] {
      for row in list.map({ Array($0.elements) }) ?? [] {
        guard let day = row["date"]?.string.flatMap({ CalendarDate($0) }) else { continue }
        oldest = min(oldest ?? day, day)
      }
    }
    return FeedPage(
      raw: answer.bytes, nextCursor: nextCursor, hasMore: hasMore, progress: progress,
      accounts: accounts(answer, isLive: false), added: root["added"]?.count ?? 0,
      modified: root["modified"]?.count ?? 0, removed: root["removed"]?.count ?? 0, oldest: oldest)
  }

  /// The accounts of any answer that has some, such as ``accountsBalanceGet(_:)``'s.
  package func accounts(_ answer: PlaidAnswer, isLive: Bool) -> [FeedAccount] {
    read(answer.root["accounts"], id: "account_id of an account") { AccountReader.account($0, isLive: isLive) }.values
  }

  private func holdings(_ answer: PlaidAnswer) throws(FeedError) -> FeedHoldings {
    let securities = read(answer.root["securities"], id: "security_id of a security", InvestmentReader.security)
    var result = FeedHoldings(
      accounts: accounts(answer, isLive: false), holdings: [], securities: securities.values,
      unreadableSecurities: securities.unreadable)
    for node in try list("holdings", of: answer).elements {
      switch InvestmentReader.holding(node) {
      case .success(let holding): result.holdings.append(holding)
      case .failure(let unreadable): result.unreadable.append(unreadable.row)
      }
    }
    return result
  }

  private func investmentTransactions(_ answer: PlaidAnswer) throws(FeedError) -> FeedInvestmentTransactions {
    let list = try list("investment_transactions", of: answer)
    guard let total = answer.root["total_investment_transactions"]?.int else {
      throw answer.lacks("total_investment_transactions").feedError
    }
    let securities = read(answer.root["securities"], id: "security_id of a security", InvestmentReader.security)
    var result = FeedInvestmentTransactions(
      accounts: accounts(answer, isLive: false), securities: securities.values, transactions: [],
      unreadableSecurities: securities.unreadable, total: total)
    for row in list.elements {
      switch InvestmentReader.transaction(row) {
      case .success(let transaction): result.transactions.append(transaction)
      case .failure(let unreadable): result.unreadable.append(unreadable.row)
      }
    }
    return result
  }

  private func liabilities(_ answer: PlaidAnswer) throws(FeedError) -> FeedLiabilities {
    guard let kinds = answer.root["liabilities"], kinds.kind == .object else {
      throw answer.lacks("liabilities").feedError
    }
    var result = FeedLiabilities(accounts: accounts(answer, isLive: false), liabilities: [])
    kinds.forEachMember { member in
      let kind = member.key.string
      for node in member.value.elements {
        if let liability = LiabilityReader.liability(node, kind: kind) {
          result.liabilities.append(liability)
        } else {
          result.unreadable.append(
            FeedUnreadable(id: nil, reason: "unreadable: account_id of a liability (\(kind))", raw: node.raw))
        }
      }
    }
    return result
  }

  private func streams(_ answer: PlaidAnswer) throws(FeedError) -> FeedStreams {
    var result = FeedStreams(streams: [])
    for (key, isIncoming) in [("inflow_streams", true), ("outflow_streams", false)] {
      let streams = read(try list(key, of: answer), id: "stream_id or account_id of a stream") {
        StreamReader.stream($0, isIncoming: isIncoming)
      }
      result.streams += streams.values
      result.unreadable += streams.unreadable
    }
    return result
  }

  /// Without its list an answer would pass for one that says all is sold, was never traded, or that no account is left.
  private func list(_ key: String, of answer: PlaidAnswer) throws(FeedError) -> JSONNode {
    guard let list = answer.root[key], list.kind == .array else { throw answer.lacks(key).feedError }
    return list
  }

  /// The objects of a list, and those that cannot be told apart because their id cannot be read.
  private func read<Value>(
    _ list: JSONNode?, id: String, _ body: (JSONNode) -> Value?
  ) -> (values: [Value], unreadable: [FeedUnreadable]) {
    var (values, unreadable): ([Value], [FeedUnreadable]) = ([], [])
    for node in list.map({ Array($0.elements) }) ?? [] {
      if let value = body(node) {
        values.append(value)
      } else {
        unreadable.append(FeedUnreadable(id: nil, reason: "unreadable: \(id)", raw: node.raw))
      }
    }
    return (values, unreadable)
  }
}

extension PlaidError {
  var fault: FeedFault {
    FeedFault(type: type, code: code, message: message, displayMessage: displayMessage, requestID: requestID)
  }

  /// The same error in the engine's words.
  package var feedError: FeedError {
    switch remedy {
    case .reauthenticate: .reauthenticate(fault)
    case .wait(let pause): .wait(pause, fault)
    case .retry: .retry(fault)
    case .notReady: .notReady(fault)
    case .gone: .gone(fault)
    case .configuration: .configuration(fault)
    case .unsupported: .unsupported(fault)
    case .mutated: .mutated(fault)
    case .cursorRefused: .cursorRefused(fault)
    case .accountsChanged: .accountsChanged(fault)
    case .bug: .bug(fault)
    }
  }
}
