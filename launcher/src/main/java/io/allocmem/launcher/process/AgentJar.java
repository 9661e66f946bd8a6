package io.allocmem.launcher.process;

import io.allocmem.control.ControlDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The agent's jar, laid out of the launcher's own into a directory where a JVM finds it, for as
 * long as that JVM needs to load it, with an empty file beside it for the answer. Closing removes
 * both: a JVM that comes for the jar later finds nothing, so an attach that was given up stays
 * given up.
 */
public final class AgentJar implements Closeable {
  /** An accepted plan is a sentence or two. */
  private static final int LONGEST_ANSWER = 8192;

  private static final ForeignFiles FILES = ForeignFiles.here();

  /** The path by which the JVM finds it, and the one by which this process does. */
  private final Path path;

  private final Path file;
  private final Path answerFile;

  /** Null when it is not there. */
  private FileFacts jar;

  private FileFacts answer;

  /** Stays open: what its owner puts in the place of that file, a FIFO even, is not opened. */
  private ForeignFiles.Channel said;

  private AgentJar(Path directory, Path seen, String name) {
    this.path = seen.resolve(name);
    this.file = directory.resolve(name);
    this.answerFile = directory.resolve(name + ".answer");
  }

  /** For a JVM of this launcher's own. */
  public static AgentJar lay() {
    try {
      Path own = ControlDirectory.own().toRealPath();
      return lay(own, own, "agent-" + (new SecureRandom().nextLong() >>> 1) + ".jar");
    } catch (IOException e) {
      throw new Failure("cannot lay the agent's jar: " + e.getMessage(), e);
    }
  }

  /** For a running JVM: where that JVM sees another /tmp than we do, in that one. */
  public static AgentJar layFor(LinuxProcess process) throws IOException {
    return !LinuxProcess.isSupported() || process.sharesTemporary()
        ? lay()
        : layIn(process.temporary(), newName());
  }

  /** A name for {@link #layIn}, which nobody can guess. */
  public static String newName() {
    return "allocmem-" + Long.toHexString(new SecureRandom().nextLong()) + ".jar";
  }

  /** Into a directory that a running JVM knows as its {@code /tmp}. */
  public static AgentJar layIn(Path temporary, String name) throws IOException {
    return lay(temporary, Path.of("/tmp"), name);
  }

  private static AgentJar lay(Path directory, Path seen, String name) throws IOException {
    AgentJar laid = new AgentJar(directory, seen, name);
    try (InputStream inside = AgentJar.class.getResourceAsStream("/allocmem-agent.jar")) {
      if (inside == null) {
        throw new Failure("the agent is missing in this launcher: build it with mvn package");
      }
      laid.jar = FILES.create(laid.file, inside.readAllBytes());
      laid.answer = FILES.create(laid.answerFile, new byte[0]);
      laid.said = FILES.open(laid.answerFile, laid.answer);
      return laid;
    } catch (IOException full) {
      laid.close();
      throw full;
    }
  }

  /** The path by which the JVM finds it. */
  public Path path() {
    return path;
  }

  /** What the agent said; empty when it said nothing. */
  public String answer() throws IOException {
    return new String(said.read(0, LONGEST_ANSWER), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    if (said != null) {
      said.close();
    }
    remove(file, jar);
    remove(answerFile, answer);
  }

  private static void remove(Path file, FileFacts laid) throws IOException {
    try {
      if (laid != null) {
        FILES.delete(file, laid);
      }
    } catch (NoSuchFileException gone) {
      return;
    }
  }
}
