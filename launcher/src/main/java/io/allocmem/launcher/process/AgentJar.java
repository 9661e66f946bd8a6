package io.allocmem.launcher.process;

import io.allocmem.control.ControlDirectory;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * Copy of the agent's jar in a directory visible to the target JVM. An empty answer file lies
 * beside the jar. Both files exist only while the JVM loads the agent. Closing removes both files:
 * a JVM that comes for the jar later finds nothing. An attach that was given up therefore stays
 * given up.
 */
public final class AgentJar implements Closeable {
  /** The answer for an accepted plan has one or two sentences. */
  private static final int LONGEST_ANSWER = 8192;

  private static final ForeignFiles FILES = ForeignFiles.here();

  /** Path of the jar as the JVM sees the path; {@link #file} is the path for this process. */
  private final Path path;

  private final Path file;
  private final Path answerFile;

  /** Null while the jar does not exist. */
  private FileFacts jar;

  private FileFacts answer;

  /**
   * Stays open. If the owner of the answer file replaces the file, even by a FIFO, the launcher
   * never opens the replacement.
   */
  private ForeignFiles.Channel channel;

  private AgentJar(Path directory, Path pathInside, String name) {
    this.path = pathInside.resolve(name);
    this.file = directory.resolve(name);
    this.answerFile = directory.resolve(name + ".answer");
  }

  /** Creates the jar for a JVM that this launcher starts. */
  public static AgentJar create() {
    try {
      Path own = ControlDirectory.own().toRealPath();
      return create(own, own, "agent-" + (random() >>> 1) + ".jar");
    } catch (IOException e) {
      throw new Failure("cannot write the agent's jar: " + e.getMessage(), e);
    }
  }

  /**
   * Creates the jar for a running JVM. If the JVM has another {@code /tmp} than the launcher (mount
   * namespace), the jar goes into the JVM's {@code /tmp}.
   */
  public static AgentJar createFor(LinuxProcess process) throws IOException {
    return !LinuxProcess.isSupported() || process.sharesTemporary()
        ? create()
        : createIn(process.temporary(), newName());
  }

  /** Returns an unguessable file name for {@link #createIn}. */
  public static String newName() {
    return "allocmem-" + Long.toHexString(random()) + ".jar";
  }

  /** Reads the kernel's random numbers, which SecureRandom gives after loading 60 classes. */
  private static long random() {
    try (InputStream kernel = new FileInputStream("/dev/urandom")) {
      return ByteBuffer.wrap(kernel.readNBytes(Long.BYTES)).getLong();
    } catch (IOException | BufferUnderflowException notThere) {
      return new SecureRandom().nextLong();
    }
  }

  /** Creates the jar in a directory that a running JVM sees as {@code /tmp}. */
  public static AgentJar createIn(Path temporary, String name) throws IOException {
    return create(temporary, Path.of("/tmp"), name);
  }

  private static AgentJar create(Path directory, Path pathInside, String name) throws IOException {
    AgentJar created = new AgentJar(directory, pathInside, name);
    try (InputStream inside = AgentJar.class.getResourceAsStream("/allocmem-agent.jar")) {
      if (inside == null) {
        throw new Failure("the agent is missing in this launcher: build it with mvn package");
      }
      created.jar = FILES.create(created.file, inside.readAllBytes());
      created.answer = FILES.create(created.answerFile, new byte[0]);
      created.channel = FILES.open(created.answerFile, created.answer);
      return created;
    } catch (IOException full) {
      created.close();
      throw full;
    }
  }

  /** Returns the path of the jar as the JVM sees the path. */
  public Path path() {
    return path;
  }

  /** Returns the answer of the agent; empty if the agent wrote none. */
  public String answer() throws IOException {
    return new String(channel.read(0, LONGEST_ANSWER), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
    remove(file, jar);
    remove(answerFile, answer);
  }

  private static void remove(Path file, FileFacts created) throws IOException {
    try {
      if (created != null) {
        FILES.delete(file, created);
      }
    } catch (NoSuchFileException gone) {
      return;
    }
  }
}
