import Basics

/// Every operation of this server on one page. The routes, the description and the tests that walk them are made from
/// this list.
extension Interface {
  package var operations: [Operation] {
    serverOperations + signInOperations + personOperations + householdOperations + connectionOperations
      + webhookOperations + billingOperations + webhookEndpointOperations + eventOperations + notificationOperations
      + workOperations
      + accountOperations + investmentOperations + portfolioOperations + transactionOperations + changeOperations
      + savedViewOperations
      + categoryOperations + tagOperations + merchantOperations + overviewOperations + simulatedLinkOperations
      + insightOperations + outlookOperations + planOperations + advisorOperations + assistantOperations
      + journalOperations + importOperations + sortingOperations + pairOperations + correctionOperations
      + ruleOperations + formerOperations + erasureOperations
  }

  /// Paths that take files larger than an ordinary body, and how large.
  package var largeBodies: [String: Int] {
    operations.reduce(into: [:]) { paths, operation in
      guard let bytes = operation.body?.bytesMax, bytes > Limits.bodyBytesMax else { return }
      paths[operation.path] = bytes
    }
  }
}
