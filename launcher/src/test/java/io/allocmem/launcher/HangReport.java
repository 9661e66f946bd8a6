package io.allocmem.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.PreInterruptCallback;
import org.junit.jupiter.api.extension.PreInterruptContext;

/**
 * Tells what a test waits for when its time is up: each process that the tests have started, and
 * the threads of those that are JVMs. JUnit finds it by META-INF/services.
 */
public final class HangReport implements PreInterruptCallback {
  private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");

  @Override
  public void beforeThreadInterrupt(PreInterruptContext context, ExtensionContext test) {
    System.out.println("time is up: " + test.getUniqueId());
    ProcessHandle.current().descendants().forEach(HangReport::print);
  }

  private static void print(ProcessHandle process) {
    Path proc = Path.of("/proc/" + process.pid());
    try {
      String words = Files.readString(proc.resolve("cmdline")).replace('\0', ' ');
      String kernel = Files.readString(proc.resolve("wchan"));
      System.out.printf("process %d (in %s): %s%n", process.pid(), kernel, words);
      if (Files.readString(proc.resolve("comm")).startsWith("java")) {
        printThreads(process.pid());
      }
    } catch (IOException ended) {
      System.out.println("process " + process.pid() + ": " + ended);
    }
  }

  private static void printThreads(long pid) throws IOException {
    Process jcmd =
        new ProcessBuilder(JCMD.toString(), Long.toString(pid), "Thread.print")
            .redirectErrorStream(true)
            .start();
    jcmd.onExit()
        .completeOnTimeout(jcmd, 10, TimeUnit.SECONDS)
        .thenAccept(Process::destroyForcibly);
    System.out.println(new String(jcmd.getInputStream().readAllBytes()));
  }
}
