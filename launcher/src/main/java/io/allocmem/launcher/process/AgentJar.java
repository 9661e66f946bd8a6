package io.allocmem.launcher.process;

import io.allocmem.control.ControlDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * Copy of the agent's jar in a directory visible to the target JVM. An empty answer file lies
 * beside the jar. Both files exist only while the JVM loads the agent. Closing removes both files:
 * a JVM that comes for the jar later finds no agent. An attach that was given up therefore stays
 * given up.
 *
 * <p>Each attach appends the path of the jar to the application's class path, unless the path is
 * there already (URLClassPath.addURL). The same agent therefore comes to the same JVM by the same
 * path. Everybody can guess this path. The jar is created exclusively, so a file of another user is
 * never loaded; if the path is taken, the jar gets a path that nobody can guess.
 */
public final class AgentJar implements Closeable {
  /** The answer for an accepted plan has one or two sentences. */
  private static final int LONGEST_ANSWER = 8192;

  /** Name of the jar in the directory of a user; {@code clean} knows the name. */
  private static final String OWN_PREFIX = "agent-";

  /** Name of the jar in a directory of all users. */
  private static final String PREFIX = "allocmem-";

  private static final String SUFFIX = ".jar";
  private static final int PID_BITS = 31;

  /** An attach takes some seconds at most. */
  private static final long IN_USE_MILLIS = 60_000;

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
    return createHere(0, true);
  }

  /**
   * Creates the jar for a running JVM. If the JVM has another {@code /tmp} than the launcher (mount
   * namespace), the jar goes into the JVM's {@code /tmp}.
   *
   * @param again true if the JVM found no agent at the usual path
   */
  public static AgentJar createFor(LinuxProcess process, boolean again) throws IOException {
    return !LinuxProcess.isSupported() || process.sharesTemporary()
        ? createHere(process.pid(), again)
        : createIn(process.temporary(), process.pid(), again);
  }

  private static AgentJar createHere(long pid, boolean again) {
    try {
      Path own = ControlDirectory.own().toRealPath();
      return create(own, own, OWN_PREFIX, pid, again);
    } catch (IOException e) {
      throw new Failure("cannot write the agent's jar: " + e.getMessage(), e);
    }
  }

  /** Creates the jar in a directory that a running JVM sees as {@code /tmp}. */
  public static AgentJar createIn(Path temporary, long pid, boolean again) throws IOException {
    return create(temporary, Path.of("/tmp"), PREFIX, pid, again);
  }

  private static AgentJar create(
      Path directory, Path inside, String prefix, long pid, boolean again) throws IOException {
    byte[] content = content();
    if (!again) {
      AgentJar usual = new AgentJar(directory, inside, prefix + number(content, pid) + SUFFIX);
      AgentJar written = usual.writtenIfFree(content);
      if (written == null && usual.removeLeftover()) {
        written = usual.writtenIfFree(content);
      }
      if (written != null) {
        return written;
      }
    }
    return new AgentJar(directory, inside, prefix + KernelRandom.number() + SUFFIX)
        .written(content);
  }

  /**
   * Returns a number of this agent and this JVM: checksum of the jar, 32 bits, and pid, 31 bits.
   */
  private static long number(byte[] content, long pid) {
    CRC32 sum = new CRC32();
    sum.update(content);
    return (sum.getValue() << PID_BITS) + pid;
  }

  private static byte[] content() throws IOException {
    try (InputStream inside = AgentJar.class.getResourceAsStream("/allocmem-agent.jar")) {
      if (inside == null) {
        throw new Failure("the agent is missing in this launcher: build it with mvn package");
      }
      return inside.readAllBytes();
    }
  }

  /** Returns null if one of the two names exists, even as a symbolic link. */
  private AgentJar writtenIfFree(byte[] content) throws IOException {
    try {
      return written(content);
    } catch (FileAlreadyExistsException taken) {
      return null;
    }
  }

  private AgentJar written(byte[] content) throws IOException {
    try {
      jar = FILES.create(file, content);
      answer = FILES.create(answerFile, new byte[0]);
      channel = FILES.open(answerFile, answer);
      return this;
    } catch (IOException full) {
      close();
      throw full;
    }
  }

  /**
   * Removes the files of a launcher that was killed during an attach. The JVM keeps a removed jar
   * that it has loaded.
   *
   * @return false if a file may belong to another user, or to a launcher that still lives
   */
  private boolean removeLeftover() throws IOException {
    FileFacts[] both = {leftover(file), leftover(answerFile)};
    for (FileFacts found : both) {
      if (found != null && !isLeftover(found)) {
        return false;
      }
    }
    remove(file, both[0]);
    remove(answerFile, both[1]);
    return true;
  }

  private static FileFacts leftover(Path file) throws IOException {
    try {
      return FILES.facts(file);
    } catch (NoSuchFileException gone) {
      return null;
    }
  }

  private static boolean isLeftover(FileFacts found) {
    int self = LinuxProcess.isSupported() ? LinuxProcess.self().uid() : found.uid();
    long age = System.currentTimeMillis() - found.modifiedMillis();
    return found.objection(self) == null && found.uid() == self && age > IN_USE_MILLIS;
  }

  /** Returns the path of the jar as the JVM sees the path. */
  public Path path() {
    return path;
  }

  /** Returns the words that the door of the agent expects before the arguments of a plan. */
  public String arguments(String plan) {
    return "jar=" + path + "," + plan;
  }

  /** Returns the answer of the agent; empty if the agent wrote none. */
  public String answer() throws IOException {
    return new String(channel.read(0, LONGEST_ANSWER), StandardCharsets.UTF_8);
  }

  /**
   * Gives up the attach, before {@link #close}. A JVM that was stopped may come for the jar later.
   * In a directory of all users an empty file keeps the name, so that the JVM finds no file of
   * another user there. The next attach to the JVM replaces the empty file. Without room for the
   * empty file, the name becomes free.
   */
  public void giveUp() {
    if (file.getFileName().toString().startsWith(PREFIX)) {
      try {
        FILES.replaceByEmpty(file, jar);
        jar = null;
      } catch (IOException noRoom) {
        return; // close removes the jar
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
    remove(file, jar);
    remove(answerFile, answer);
    jar = null;
    answer = null;
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
