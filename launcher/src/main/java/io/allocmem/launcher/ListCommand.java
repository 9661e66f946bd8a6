package io.allocmem.launcher;

import com.fasterxml.jackson.jr.ob.JSON;
import io.allocmem.launcher.control.Leftover;
import io.allocmem.launcher.control.Leftovers;
import io.allocmem.launcher.control.PlanControl;
import io.allocmem.launcher.process.Amounts;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.JavaProcess;
import io.allocmem.launcher.process.Table;
import io.allocmem.status.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Shows the JVMs of this machine, what is held in them and what dead ones left, without a byte or a
 * signal to them.
 */
@Command(
    name = "list",
    description =
        "Show the JVMs: pid, the pid inside its container, user, JDK, main class, what is held.",
    mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "one JSON array, an object a JVM")
  private boolean json;

  ListCommand() {}

  @Override
  public Integer call() throws IOException {
    List<JavaProcess> processes = JavaProcess.all();
    if (json) {
      List<Map<String, Object>> objects = new ArrayList<>();
      for (JavaProcess process : processes) {
        objects.add(toJson(process));
      }
      spec.commandLine().getOut().println(JSON.std.asString(objects));
      return 0;
    }
    Table table = new Table("PID", "INSIDE", "USER", "JDK", "MAIN", "HELD");
    for (JavaProcess process : processes) {
      String held = String.join(", ", held(process.pid()));
      table.row(
          process.pid(), inside(process), process.user(), process.jdk(), process.main(), held);
    }
    spec.commandLine().getOut().print(table);
    spec.commandLine().getOut().print(leftovers());
    spec.commandLine().getOut().flush();
    return 0;
  }

  private static String leftovers() throws IOException {
    List<Leftover> leftovers = Leftovers.find().ours();
    if (leftovers.isEmpty()) {
      return "";
    }
    Table table = new Table("LEFT OVER (allocmem clean removes it)", "WHAT");
    for (Leftover leftover : leftovers) {
      table.row(leftover.path(), leftover.what());
    }
    return System.lineSeparator() + table;
  }

  /** Only where it is another one than here: in a container. */
  private static String inside(JavaProcess process) {
    return process.pidInside() == process.pid() ? "" : Long.toString(process.pidInside());
  }

  private static Map<String, Object> toJson(JavaProcess process) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("pid", process.pid());
    object.put("pidInside", process.pidInside());
    object.put("user", process.user());
    object.put("jdk", process.jdk());
    object.put("mainClass", process.main());
    object.put("held", held(process.pid()));
    return object;
  }

  private static List<String> held(long pid) {
    List<String> held = new ArrayList<>();
    try {
      for (PlanControl plan : PlanControl.of(pid)) {
        try (plan) {
          Status status = plan.status();
          if (status != null) {
            String phase = plan.phase(status);
            held.add("%s: %s %s".formatted(plan.name(), phase, Amounts.of(status.committed)));
          }
        }
      }
    } catch (Failure | IOException notOurs) {
      held.clear(); // another user's: what it holds is not for our eyes
    }
    return held;
  }
}
