package io.allocmem.launcher;

import io.allocmem.control.Phase;
import io.allocmem.launcher.control.JvmEnd;
import io.allocmem.launcher.control.PhaseWait;
import io.allocmem.launcher.control.Verdict;
import io.allocmem.launcher.many.JvmWork;
import io.allocmem.launcher.many.ManyTarget;
import io.allocmem.launcher.many.Outcome;
import io.allocmem.launcher.many.Selection;
import io.allocmem.launcher.process.ExitCode;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Waits for a phase of the plans of a JVM, for scripts. */
@Command(
    name = "wait",
    description = {
      "Wait until the plans of a JVM are in a phase, by default HOLDING.",
      "HOLDING: the plan has reached what was asked. RELEASED: nothing is held.",
      "Reads its control files only."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  wait 4711                                until all plans have what was asked",
      "  wait 4711 -n leak --for EXHAUSTED        until plan leak meets its limit",
      "  wait 4711 --for RELEASED --timeout 10m   until all memory is back"
    })
final class WaitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private PlanChoice choice;

  @Option(
      names = "--for",
      paramLabel = "PHASE",
      converter = PhaseConverter.class,
      completionCandidates = Phases.class,
      defaultValue = "HOLDING",
      description = "wait for this phase: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Phase phase;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      defaultValue = WaitOption.DEFAULT,
      description = "wait this long at most, 0: no limit (default: ${DEFAULT-VALUE})")
  private Duration timeout;

  @Mixin private JsonOption json;

  WaitCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (choice.isMany()) {
      return waitForMany();
    }
    long pid = choice.pid();
    PhaseWait wait = PhaseWait.of(pid, choice::isChosen, phase, JvmEnd.of(pid));
    json.pid(pid);
    Verdict verdict = wait.await(timeout);
    json.plans(wait.plans());
    verdict.require();
    wait.lines().forEach(json.text()::println);
    return json.end(ExitCode.DONE, null);
  }

  private int waitForMany() throws IOException, InterruptedException {
    Selection selection = choice.selection();
    if (phase == Phase.RELEASED && selection.targets().isEmpty()) {
      ManyChoice.sayLeftOut(selection, spec);
      json.text().println("no plan is held");
      return json.end(ExitCode.DONE, null);
    }
    return choice.each(selection, this::waitFor);
  }

  private JvmWork waitFor(ManyTarget jvm) {
    PhaseWait wait = PhaseWait.of(jvm.pid(), choice::isChosen, phase, JvmEnd.of(jvm.pid()));
    return () -> {
      Verdict verdict = wait.next(timeout);
      return verdict == null ? null : Outcome.of(spec.name(), jvm, verdict).with(wait.plans());
    };
  }

  /** Phases that a plan can be in. */
  static final class Phases implements Iterable<String> {
    Phases() {}

    @Override
    public java.util.Iterator<String> iterator() {
      return names().iterator();
    }

    private static List<String> names() {
      Stream<Phase> known = Arrays.stream(Phase.values()).filter(phase -> phase != Phase.OTHER);
      return known.map(Phase::name).toList();
    }
  }

  /** Converts the name of a phase in any case. */
  static final class PhaseConverter implements ITypeConverter<Phase> {
    PhaseConverter() {}

    @Override
    public Phase convert(String text) {
      String name = text.toUpperCase(Locale.ROOT).replace('-', '_');
      if (!Phases.names().contains(name)) {
        throw new TypeConversionException("a phase is one of " + String.join(", ", Phases.names()));
      }
      return Phase.valueOf(name);
    }
  }
}
