#if MUTANTS
  import Glibc

  /// Bugs planted on purpose, to see whether the simulation would notice. Only in a build with `-DMUTANTS`, one at a
  /// time, chosen by the environment when the program starts.
  package enum Mutant: String, CaseIterable, Sendable {
    case dropModified, loseRemovalAcrossPages, commitCursorEarly, ignoreLease, fenceLessOrEqual, forgetPendingLink
    case turnSign, mergeTwins, reviveDeleted, overwriteSources, applyDiscardedPages, forgetExactText
    case quarantineThirdDecimal, relinkMergesTwins, countJointTwice, forgetPostedBeforePending, forgetLeavingNames
    case keepUnlistedRows, forgetTotalsOfRemoved, pendingOverwritesPosted, postedRemovedTakesPending
    case dropUnreadableRows, assumeDollars, adoptUnasked, forgetReplay
    case rescueForgetsAttempt, enqueueAfterCommit, webhookByBody, positionFromSequence
    case believeFormerPrimary, commitToFormerPrimary

    private static let chosen: Mutant? = {
      guard let name = getenv("MAGPIE_MUTANT").map({ String(cString: $0) }), !name.isEmpty else { return nil }
      guard let mutant = Mutant(rawValue: name) else { fatalError("no mutant is called \(name)") }
      return mutant
    }()

    package static func isOn(_ mutant: Mutant) -> Bool { chosen == mutant }
  }
#endif
