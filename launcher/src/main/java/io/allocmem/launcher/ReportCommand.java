package io.allocmem.launcher;

import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.report.ChartImage;
import io.allocmem.launcher.report.CsvReport;
import io.allocmem.launcher.report.HtmlReport;
import io.allocmem.launcher.report.Recording;
import io.allocmem.launcher.report.SvgReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Creates a page, a picture or a table from a record. */
@Command(
    name = "report",
    description = {
      "Make a report of a record: a page with charts and tables, a picture or a table.",
      "The page (.html) loads nothing from the network; pictures are .svg or .png, the table is .csv."
    },
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "a record that watch --record wrote")
  private Path file;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "write to this file; its ending is the format (default: the record's name with .html)")
  private Path output;

  @Option(names = "--csv", description = "print the table instead of writing a file")
  private boolean csv;

  ReportCommand() {}

  @Override
  public Integer call() {
    if (csv && output != null) {
      throw new ParameterException(spec.commandLine(), "--csv prints: give it without -o");
    }
    Path to = output == null ? besides(file) : output;
    String ending = endingOf(to);
    PrintWriter out = spec.commandLine().getOut();
    Recording recording = Recording.read(file);
    if (csv) {
      out.print(CsvReport.of(recording));
    } else {
      write(recording, ending, to);
      out.printf(
          "%s: %d samples, %.1f s, %d blocks taken%n",
          to, recording.samples().size(), recording.durationMillis() / 1000.0, recording.steps());
    }
    if (recording.cutOff()) {
      spec.commandLine()
          .getErr()
          .println("the last line of the record is incomplete and is left out");
    }
    out.flush();
    return ExitCode.DONE.number();
  }

  private static Path besides(Path file) {
    String name = file.getFileName().toString().replaceFirst("(?<=.)\\.\\w+$", "");
    return file.resolveSibling(name + ".html");
  }

  private String endingOf(Path to) {
    String name = to.getFileName().toString().toLowerCase(Locale.ROOT);
    String ending = name.substring(name.lastIndexOf('.') + 1);
    if (!name.matches(".*\\.(html|svg|png|csv)")) {
      throw new ParameterException(
          spec.commandLine(),
          "cannot make " + to + ": a report's name ends with .html, .svg, .png or .csv");
    }
    return ending;
  }

  private void write(Recording recording, String ending, Path to) {
    byte[] report = bytes(recording, ending);
    try {
      if (Files.exists(to) && Files.isSameFile(file, to)) {
        throw new Failure(to + " is the record itself: give the report another name with -o");
      }
      NewFile.replace(to, report);
    } catch (IOException e) {
      throw new Failure("cannot write " + to + ": give a file in a directory of yours with -o", e);
    }
  }

  private static byte[] bytes(Recording recording, String ending) {
    return switch (ending) {
      case "html" -> HtmlReport.of(recording).getBytes(StandardCharsets.UTF_8);
      case "csv" -> CsvReport.of(recording).getBytes(StandardCharsets.UTF_8);
      case "svg" -> SvgReport.of(recording);
      default -> png(recording);
    };
  }

  private static byte[] png(Recording recording) {
    System.setProperty("java.awt.headless", "true");
    try {
      ChartImage.requireFonts();
    } catch (RuntimeException | Error e) { // each JDK fails here in its own way
      throw new Failure(
          "this Java runtime cannot draw a .png: it has no java.desktop or finds no fonts; make an"
              + " .svg, or run the jar with a full JDK where fonts are installed",
          e);
    }
    return ChartImage.png(recording);
  }
}
