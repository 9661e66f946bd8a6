package io.allocmem.launcher.attach;

import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs this command again as the target's user, when root attaches to somebody else's JVM: a JDK 8,
 * and any JVM in a user namespace of its own, takes no other user's word, not even root's.
 */
public record AsOwner(LinuxProcess target) {
  /**
   * Only root in a user namespace around the JVM's own may look into it: the JVM's user keeps that
   * right, and access(2) asks for it without clearing it first (capabilities(7)).
   */
  private static final List<String> TRACING =
      List.of(
          "--securebits=+no_setuid_fixup", "--inh-caps=+sys_ptrace", "--ambient-caps=+sys_ptrace");

  /** Whether we are root, and the target is not quite. */
  public boolean isNeeded() {
    LinuxProcess self = LinuxProcess.self();
    boolean same = target.uid() == self.uid() && target.gid() == self.gid();
    return LinuxProcess.isSupported() && self.uid() == 0 && !same;
  }

  /**
   * Runs it, with this launcher's input and output.
   *
   * @param main the class that this command began in
   * @return its exit code
   * @throws Failure when that user cannot run this launcher, or setpriv is missing
   */
  public int run(Class<?> main, List<String> arguments) throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path jar = jarOf(main);
    List<String> test =
        List.of("sh", "-c", "test -x \"$0\" && test -r \"$1\"", java.toString(), jar.toString());
    if (start(test).waitFor() != 0) {
      throw Diagnosis.unreadableLauncher(target, java, jar);
    }
    List<String> command = new ArrayList<>(List.of(java.toString(), "-cp", jar.toString()));
    command.add(main.getName());
    command.addAll(arguments);
    Process child = start(command);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(child), "end"));
    return child.waitFor();
  }

  private Process start(List<String> command) throws IOException {
    String uid = "--reuid=" + Integer.toUnsignedString(target.uid());
    String gid = "--regid=" + Integer.toUnsignedString(target.gid());
    List<String> whole = new ArrayList<>(List.of("setpriv", uid, gid, "--clear-groups"));
    if (isInAnotherUserNamespace() && LinuxProcess.self().mayGiveTracing()) {
      whole.addAll(TRACING);
    }
    whole.add("--pdeathsig=TERM"); // when we are killed without a word, it must not go on renewing
    whole.add("--");
    whole.addAll(command);
    try {
      return new ProcessBuilder(whole).inheritIO().start();
    } catch (IOException missing) {
      throw Diagnosis.noSetpriv(target, missing);
    }
  }

  private boolean isInAnotherUserNamespace() {
    return !target.userNamespace().equals(LinuxProcess.self().userNamespace());
  }

  private static Path jarOf(Class<?> main) {
    try {
      return Path.of(main.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e); // the loader made it from a file
    }
  }

  /** With --hold it is to release what it holds before we are gone. */
  private static void end(Process child) {
    child.destroy();
    try {
      child.waitFor(15, TimeUnit.SECONDS);
    } catch (InterruptedException leftAlone) {
      return; // its lease runs out
    }
  }
}
