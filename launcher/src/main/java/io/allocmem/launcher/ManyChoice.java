package io.allocmem.launcher;

import io.allocmem.launcher.many.Draw;
import io.allocmem.launcher.many.JvmPattern;
import io.allocmem.launcher.many.JvmWork;
import io.allocmem.launcher.many.ManyTarget;
import io.allocmem.launcher.many.Outcome;
import io.allocmem.launcher.many.ParallelRun;
import io.allocmem.launcher.many.Rows;
import io.allocmem.launcher.many.Selection;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.JavaProcess;
import io.allocmem.launcher.process.Table;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Options of a command that works on many JVMs: which JVMs, how many, at which interval. */
final class ManyChoice {
  /** Names of the options, which a command for one JVM does not have. */
  static final List<String> OPTIONS =
      List.of("--all", "--match", "--at-most", "--percent", "--seed", "--stagger");

  private static final String POD = "POD";

  /** Seeds that are drawn have few digits, for people who type the seed again. */
  private static final int SEEDS = 1_000_000;

  @Option(
      names = "--all",
      description = "work on all JVMs that you may attach to, or that hold a plan")
  private boolean all;

  @Option(
      names = "--match",
      paramLabel = "PATTERN",
      converter = Patterns.class,
      description = {
        "work on all JVMs that match: a part of the main class, jar, pod or container name, or",
        "KEY=VALUE with main, jar, pod, container or user, and * for any text; repeated: all match"
      })
  private List<JvmPattern> patterns;

  @Option(
      names = "--at-most",
      paramLabel = "N",
      description = "refuse, with the list, if the command would work on more than N JVMs")
  private Integer atMost;

  @Option(
      names = "--percent",
      paramLabel = "N",
      converter = Percent.class,
      description = "work on this share of the JVMs, rounded, and on one JVM at least")
  private Integer percent;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "draw the share of --percent by this number: the same JVMs again")
  private Long seed;

  @Option(
      names = "--stagger",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "time between the starts of two JVMs: 10s (default: 0)")
  private Duration stagger;

  ManyChoice() {}

  /**
   * Returns true for a command on many JVMs.
   *
   * @throws ParameterException for options that make no sense together
   */
  boolean isGiven(CommandSpec command) {
    boolean given = all || patterns != null;
    boolean further = Stream.of(atMost, percent, seed, stagger).anyMatch(o -> o != null);
    require(
        command,
        given || !further,
        "--at-most, --percent, --seed and --stagger need --all or --match");
    require(
        command,
        !all || patterns == null,
        "--all is every JVM, and --match chooses: give one of them");
    require(
        command, seed == null || percent != null, "--seed draws the share of --percent: give both");
    require(command, atMost == null || atMost > 0, "--at-most needs a number of JVMs, 1 or more");
    boolean pid = command.positionalParameters().get(0).getValue() != null;
    require(command, !given || !pid, "--all and --match choose the JVMs: leave out the PID");
    return given;
  }

  private static void require(CommandSpec command, boolean rule, String otherwise) {
    if (!rule) {
      throw new ParameterException(command.commandLine(), otherwise);
    }
  }

  /** Returns true for {@code --all} without a number of JVMs that the user expects. */
  boolean isUnbounded() {
    return all && atMost == null;
  }

  /** Selects the JVMs where a plan may start. */
  Selection attachable() {
    return Selection.attachable(patternsOrNone());
  }

  /**
   * Selects the JVMs that hold a plan.
   *
   * @param plan name of the plan; null for any plan
   */
  Selection holding(String plan) {
    return Selection.holding(patternsOrNone(), plan);
  }

  /** Selects the JVMs with an armed agent. */
  Selection armed() {
    return Selection.armed(patternsOrNone());
  }

  private List<JvmPattern> patternsOrNone() {
    return patterns == null ? List.of() : patterns;
  }

  /**
   * Returns the JVMs to work on, after {@code --percent} and {@code --at-most}; says the choice on
   * stderr.
   *
   * @throws Failure without a JVM, or with more JVMs than {@code --at-most}
   */
  List<ManyTarget> targetsOf(Selection selection, CommandSpec command) {
    PrintWriter err = command.commandLine().getErr();
    List<ManyTarget> found = selection.targets();
    sayLeftOut(selection, command);
    if (found.isEmpty()) {
      throw new Failure(selection.none() + "; allocmem list shows the JVMs");
    }
    List<ManyTarget> drawn = drawn(found, command);
    if (atMost != null && drawn.size() > atMost) {
      err.print(table(drawn));
      throw new Failure(
          "the command would work on %d JVMs, and --at-most allows %d: no JVM was touched"
              .formatted(drawn.size(), atMost));
    }
    return drawn;
  }

  /** Says on stderr which JVMs are neither worked on nor in a row. */
  static void sayLeftOut(Selection selection, CommandSpec command) {
    PrintWriter err = command.commandLine().getErr();
    selection.notes().forEach(err::println);
    if (selection.targets().isEmpty()) {
      selection.skipped().forEach(left -> err.print(row(left)));
    }
  }

  private List<ManyTarget> drawn(List<ManyTarget> found, CommandSpec command) {
    if (percent == null) {
      return found;
    }
    long number = seed == null ? ThreadLocalRandom.current().nextInt(SEEDS) : seed;
    List<ManyTarget> drawn = new Draw(percent, number).of(found);
    command
        .commandLine()
        .getErr()
        .printf(
            "%d of %d JVMs drawn; the same JVMs again: --percent %d --seed %d%n",
            drawn.size(), found.size(), percent, number);
    return drawn;
  }

  private static String row(Selection.Skipped left) {
    return "%d  %s  left out: %s%n".formatted(left.jvm().pid(), left.jvm().main(), left.reason());
  }

  /** Returns a table of JVMs, with line ends. */
  static Table table(List<ManyTarget> jvms) {
    Table table = new Table("PID", "USER", POD, "MAIN");
    for (ManyTarget one : jvms) {
      table.row(one.pid(), one.jvm().user(), one.jvm().place().pod(), one.jvm().main());
    }
    table.removeEmpty(POD);
    return table;
  }

  /**
   * Executes the command for each JVM, as if its PID was given, and returns the worst exit code.
   */
  int each(Selection selection, CommandSpec command) throws InterruptedException {
    OneOfMany one = OneOfMany.of(command, Map.of());
    return each(selection, command, jvm -> () -> one.run(jvm));
  }

  /** Executes a work for each JVM, and returns the worst exit code. */
  int each(Selection selection, CommandSpec command, Function<ManyTarget, JvmWork> work)
      throws InterruptedException {
    List<ManyTarget> targets = targetsOf(selection, command);
    return each(targets, selection, command, false, (jvm, rows) -> work.apply(jvm));
  }

  /**
   * Executes a work for each JVM, and returns the worst exit code.
   *
   * @param holds true for works that hold until the end of this process
   */
  int each(
      List<ManyTarget> targets,
      Selection selection,
      CommandSpec command,
      boolean holds,
      BiFunction<ManyTarget, Rows, JvmWork> work)
      throws InterruptedException {
    boolean json = Boolean.TRUE.equals(command.findOption("--json").getValue());
    Stream<JavaProcess> skipped = selection.skipped().stream().map(Selection.Skipped::jvm);
    List<JavaProcess> jvms = Stream.concat(targets.stream().map(ManyTarget::jvm), skipped).toList();
    Rows rows = Rows.of(command.commandLine().getOut(), json, jvms);
    for (Selection.Skipped left : selection.skipped()) {
      rows.print(left.jvm(), Outcome.skipped(command.name(), left));
    }
    Duration between = stagger == null ? Duration.ZERO : stagger;
    ParallelRun run = new ParallelRun(command.name(), rows, command.commandLine().getErr(), holds);
    ExitCode worst = run.run(targets, between, jvm -> work.apply(jvm, rows));
    return worst.number();
  }

  /** Converts patterns. */
  static final class Patterns implements ITypeConverter<JvmPattern> {
    Patterns() {}

    @Override
    public JvmPattern convert(String text) {
      try {
        return JvmPattern.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** Converts a share with or without its sign. */
  static final class Percent implements ITypeConverter<Integer> {
    Percent() {}

    @Override
    public Integer convert(String text) {
      String number = text.endsWith("%") ? text.substring(0, text.length() - 1) : text;
      int percent = number.matches("\\d{1,3}") ? Integer.parseInt(number) : 0;
      if (percent < 1 || percent > 100) {
        throw new TypeConversionException("a share is 1 to 100 percent");
      }
      return percent;
    }
  }
}
