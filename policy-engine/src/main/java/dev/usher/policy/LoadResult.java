package dev.usher.policy;

import java.util.List;

/** What became of loading tenant files. */
public sealed interface LoadResult {
  /** The errors and warnings, sorted by file and place. */
  List<Problem> problems();

  /**
   * All files are good.
   *
   * @param warnings sorted by file and place
   */
  record Loaded(PolicySet policies, List<Problem> warnings) implements LoadResult {
    public Loaded {
      warnings = List.copyOf(warnings);
    }

    @Override
    public List<Problem> problems() {
      return warnings;
    }
  }

  /**
   * At least one file is bad, so none is used.
   *
   * @param problems every error and warning of every file, sorted by file and place
   */
  record Refused(List<Problem> problems) implements LoadResult {
    public Refused {
      problems = List.copyOf(problems);
    }
  }
}
