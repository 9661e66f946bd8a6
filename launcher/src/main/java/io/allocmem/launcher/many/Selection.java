package io.allocmem.launcher.many;

import io.allocmem.launcher.control.Candidate;
import io.allocmem.launcher.process.JavaProcess;
import io.allocmem.launcher.process.JvmSurvey;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.TimeLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The JVMs that the patterns of a command match: JVMs to work on, and JVMs that are left out. */
public final class Selection {
  /** Time limit for the JVMs without an answer at the first look. */
  private static final long AGAIN_MILLIS = 5_000;

  /** Main class of {@code allocmem run} and of {@code java -jar allocmem-agent.jar}. */
  private static final String ALONE = "io.allocmem.Alone";

  /** A JVM that is left out, with the reason as a sentence without a full stop. */
  public record Skipped(JavaProcess jvm, String reason) {}

  private final List<JvmPattern> patterns;

  /** What the JVMs must hold, for people; null for JVMs where a plan may start. */
  private final String held;

  private final List<ManyTarget> targets = new ArrayList<>();
  private boolean isAnyMatched;
  private final List<Skipped> skipped = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private Selection(List<JvmPattern> patterns, String held) {
    this.patterns = patterns;
    this.held = held;
  }

  /**
   * Selects JVMs for a plan. Without a pattern: the JVMs that this user may attach to. With
   * patterns, JVMs of other users are targets as well, since the user named these JVMs: the attach
   * names the remedy.
   *
   * @param patterns each of these patterns must match; empty for all JVMs
   */
  public static Selection attachable(List<JvmPattern> patterns) {
    Selection selection = new Selection(patterns, null);
    for (JavaProcess jvm : selection.matching()) {
      String reason = selection.reasonAgainstPlan(jvm);
      if (reason == null) {
        selection.targets.add(ManyTarget.of(jvm));
      } else {
        selection.skipped.add(new Skipped(jvm, reason));
      }
    }
    return selection;
  }

  /**
   * Selects JVMs where this user may command a plan that is not over.
   *
   * @param plan name of the plan; null for any plan
   */
  public static Selection holding(List<JvmPattern> patterns, String plan) {
    Selection selection = new Selection(patterns, plan == null ? "a plan" : "plan " + plan);
    selection.selectHeld(jvms -> Candidate.holding(jvms, plan), "hold no plan");
    return selection;
  }

  /** Selects JVMs with an armed agent that this user may command. */
  public static Selection armed(List<JvmPattern> patterns) {
    Selection selection = new Selection(patterns, "an armed agent");
    selection.selectHeld(Candidate::armed, "are not armed");
    return selection;
  }

  /**
   * @param idle verb for JVMs that match, and that {@code holding} leaves out
   */
  private void selectHeld(Function<List<JavaProcess>, List<Candidate>> holding, String idle) {
    List<ManyTarget> ours = new ArrayList<>();
    for (JavaProcess jvm : matching()) {
      if (Candidate.isPermitted(jvm.pid())) {
        ours.add(ManyTarget.of(jvm)); // now: later another process may have the pid
      } else if (!patterns.isEmpty()) {
        skipped.add(new Skipped(jvm, ofOther(jvm)));
      }
    }
    List<JavaProcess> jvms = ours.stream().map(ManyTarget::jvm).toList();
    Set<JavaProcess> found =
        holding.apply(jvms).stream().map(Candidate::jvm).collect(Collectors.toSet());
    ours.stream().filter(one -> found.contains(one.jvm())).forEach(targets::add);
    int left = ours.size() - found.size();
    if (left > 0 && !targets.isEmpty() && !patterns.isEmpty()) {
      notes.add("JVMs that match, and %s: %d".formatted(idle, left));
    }
  }

  private List<JavaProcess> matching() {
    List<JavaProcess> matching = new ArrayList<>();
    JvmSurvey survey = JvmSurvey.take();
    survey.unseen().forEach(unseen -> notes.add(unseen.toHuman()));
    for (JavaProcess jvm : look(survey.jvms())) {
      if (patterns.stream().allMatch(pattern -> pattern.matches(jvm))) {
        matching.add(jvm);
        isAnyMatched = true;
      } else if (jvm.isUnread()) {
        notes.add(
            "process %d did not answer in time: not known if it matches".formatted(jvm.pid()));
      }
    }
    return matching;
  }

  /** Looks again, for longer, at JVMs without an answer: no JVM must be left out. */
  private static List<JavaProcess> look(List<JavaProcess> found) {
    List<JavaProcess> late = found.stream().filter(JavaProcess::isUnread).toList();
    List<Optional<JavaProcess>> again =
        TimeLimit.each(
            AGAIN_MILLIS, late, jvm -> JavaProcess.find(jvm.pid()), jvm -> Optional.of(jvm));
    List<JavaProcess> all = new ArrayList<>(found);
    all.removeAll(late);
    again.stream().flatMap(Optional::stream).forEach(all::add);
    return all.stream().sorted((a, b) -> Long.compare(a.pid(), b.pid())).toList();
  }

  private String reasonAgainstPlan(JavaProcess jvm) {
    if (Candidate.isLauncher(jvm)) {
      return "a command of allocmem";
    }
    if (jvm.main().equals(ALONE)) {
      return "a JVM of allocmem run, with a plan of its own";
    }
    return patterns.isEmpty() && !Candidate.isPermitted(jvm.pid()) ? ofOther(jvm) : null;
  }

  private static String ofOther(JavaProcess jvm) {
    return "belongs to user %s, you are %s".formatted(jvm.user(), LinuxProcess.self().user());
  }

  /** Returns the JVMs to work on, by pid. */
  public List<ManyTarget> targets() {
    return targets;
  }

  /** Returns the JVMs that are left out. */
  public List<Skipped> skipped() {
    return skipped;
  }

  /** Returns sentences about JVMs that are neither targets nor skipped. */
  public List<String> notes() {
    return notes;
  }

  /** Returns the sentence for a selection without a JVM to work on, without a full stop. */
  public String none() {
    String words = patterns.stream().map(JvmPattern::toString).collect(Collectors.joining(" and "));
    if (!skipped.isEmpty()) {
      return "no JVM is left to work on";
    }
    if (patterns.isEmpty()) {
      return held == null
          ? "there is no JVM that you may attach to"
          : "no JVM that you may command holds " + held;
    }
    return held == null || !isAnyMatched
        ? "no JVM matches " + words
        : "no JVM that matches %s holds %s that you may command".formatted(words, held);
  }
}
