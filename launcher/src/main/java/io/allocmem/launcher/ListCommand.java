package io.allocmem.launcher;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.control.Reading;
import io.allocmem.launcher.control.ArmedState;
import io.allocmem.launcher.control.Leftover;
import io.allocmem.launcher.control.Leftovers;
import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.control.StatusReport;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.JavaProcess;
import io.allocmem.launcher.process.JvmSurvey;
import io.allocmem.launcher.process.Remedy;
import io.allocmem.launcher.process.Sizes;
import io.allocmem.launcher.process.Table;
import io.allocmem.launcher.process.TimeLimit;
import io.allocmem.launcher.process.UnseenJvms;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Shows the JVMs of this machine, their plans, and leftovers of dead JVMs, without sending a byte
 * or a signal.
 */
@Command(
    name = "list",
    aliases = {"ps", "ls"},
    description =
        "Show the JVMs: pid, the pid inside its container, user, JDK, pod, container, main class, armed agents, plans.",
    mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {
  /** Least time for the plans of all JVMs together. */
  private static final long HELD_MILLIS = 500;

  /** Time for JVMs and plans, if the JVMs answer: a command must end within two seconds. */
  private static final long LOOK_MILLIS = 1500;

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "print a JSON array with one object per JVM")
  private boolean json;

  ListCommand() {}

  /**
   * A JVM and its plans.
   *
   * @param armed null without an armed agent, or without an answer in time
   * @param held null without an answer in time, or if the plans cannot be read
   */
  private record Row(JavaProcess process, ArmedState armed, List<PlanSample> held) {
    /** Returns the plans for people; a question mark without an answer. */
    String heldToHuman() {
      return held == null ? "?" : held.stream().map(Row::toHuman).collect(Collectors.joining(", "));
    }

    private static String toHuman(PlanSample plan) {
      String size = Sizes.of(plan.orUnknown(Reading.COMMITTED));
      return "%s: %s %s".formatted(plan.name(), plan.phase(), size);
    }
  }

  @Override
  public Integer call() throws IOException {
    return list(json, spec.commandLine().getOut(), spec.commandLine().getErr());
  }

  /** Prints the list, and returns the exit code. */
  static int list(boolean json, PrintWriter out, PrintWriter err) throws IOException {
    CompletableFuture<Leftovers> leftovers = json ? null : startToLook();
    long start = System.nanoTime();
    JvmSurvey survey = JvmSurvey.take();
    CompletableFuture<List<UnseenJvms>> unseen = CompletableFuture.supplyAsync(survey::unseen);
    List<Row> rows = rows(survey.jvms(), start);
    if (json) {
      List<Map<String, Object>> objects = rows.stream().map(ListCommand::toJson).toList();
      out.println(JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(objects));
    } else {
      out.print(tableOf(rows));
      out.print(textOf(leftovers.join().ours()));
    }
    out.flush();
    unseen.join().forEach(jvms -> err.println(jvms.toHuman()));
    if (rows.isEmpty() && unseen.join().isEmpty()) {
      Remedy.ofOwnContainer().ifPresent(err::println);
    }
    err.flush();
    return ExitCode.DONE.number();
  }

  private static Table tableOf(List<Row> rows) {
    Table table =
        new Table(
            "PID", "INSIDE", "USER", "UID:GID", "JDK", "POD", "CONTAINER", "MAIN", "ARMED", "HELD");
    for (Row row : rows) {
      JavaProcess jvm = row.process;
      table.row(
          jvm.pid(),
          inside(jvm),
          jvm.user(),
          jvm.ids(),
          jvm.jdk(),
          jvm.place().pod(),
          jvm.place().container(),
          jvm.main(),
          row.armed == null ? "" : row.armed.toHuman(),
          row.heldToHuman());
    }
    table.removeEmpty("INSIDE", "UID:GID", "POD", "CONTAINER", "ARMED");
    return table;
  }

  /**
   * Reads all JVMs in parallel: a JVM without an answer blocks no row of another JVM.
   *
   * @param start time at which the command began
   */
  private static List<Row> rows(List<JavaProcess> jvms, long start) {
    long left = LOOK_MILLIS - (System.nanoTime() - start) / 1_000_000;
    return TimeLimit.each(
        Math.max(HELD_MILLIS, left),
        jvms,
        jvm -> new Row(jvm, ArmedState.orNull(jvm.pid()), held(jvm.pid())),
        jvm -> new Row(jvm, null, null));
  }

  /** Looks for leftovers in parallel with the JVMs. */
  private static CompletableFuture<Leftovers> startToLook() {
    return CompletableFuture.supplyAsync(Leftovers::find);
  }

  private static String textOf(List<Leftover> leftovers) {
    if (leftovers.isEmpty()) {
      return "";
    }
    Table table = new Table("LEFT OVER (allocmem clean removes it)", "WHAT");
    for (Leftover leftover : leftovers) {
      table.row(leftover.path(), leftover.what());
    }
    return System.lineSeparator() + table;
  }

  /** Returns the pid inside a container; empty if equal to the pid here. */
  private static String inside(JavaProcess process) {
    return process.pidInside() == process.pid() ? "" : Long.toString(process.pidInside());
  }

  private static Map<String, Object> toJson(Row row) {
    JavaProcess process = row.process;
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("pid", process.pid());
    object.put("pidInside", process.pidInside());
    object.put("user", process.user());
    object.put("uid", process.uid() == -1 ? null : Integer.toUnsignedLong(process.uid()));
    object.put("gid", process.gid() == -1 ? null : Integer.toUnsignedLong(process.gid()));
    object.put("jdk", process.jdk());
    object.put("mainClass", process.main());
    object.put("podName", orNull(process.place().podName()));
    object.put("podUid", orNull(process.place().podUid()));
    object.put("container", orNull(process.place().containerName()));
    object.put("containerId", orNull(process.place().containerId()));
    object.put("armed", row.armed == null ? null : row.armed.fields());
    object.put(
        "held", row.held == null ? null : row.held.stream().map(PlanSample::fields).toList());
    return object;
  }

  private static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /** Returns null for a JVM whose plans cannot be read, as the JVM of another user. */
  private static List<PlanSample> held(long pid) {
    try {
      return StatusReport.of(pid).plans();
    } catch (Failure | IOException unreadable) {
      return null;
    }
  }
}
