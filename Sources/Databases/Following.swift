/// Whether what this task asks may be answered by a standby that shows everything that was confirmed before the question.
///
/// Lists and insights may. Who somebody is and what they may do is asked of the primary.
package enum Following {
  @TaskLocal package static var isAllowed = false
}
