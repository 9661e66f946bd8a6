package io.allocmem.launcher.attach;

import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.status.ControlDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The agent's jar, laid out of the launcher's own into a private directory of the JVM's user for as
 * long as a JVM needs to load it, with an empty file beside it for the answer. Closing removes
 * both: a JVM that comes for the jar later finds nothing, so an attach that was given up stays
 * given up.
 */
public final class AgentJar implements Closeable {
  private final Path jar;

  /** The JVM's root directory, as a path that leads there from here. */
  private final Path root;

  /** The directory that was made for it; null when it was there. */
  private final Path own;

  private AgentJar(Path jar, Path root, Path own) {
    this.jar = jar;
    this.root = root;
    this.own = own;
  }

  /** For a JVM of this launcher's own. */
  public static AgentJar lay() {
    try {
      return lay(Path.of("/"), ControlDirectory.own(), null);
    } catch (IOException e) {
      throw new Failure("cannot lay the agent's jar: " + e.getMessage(), e);
    }
  }

  /** For a running JVM: in a directory of its own where that JVM sees another /tmp than we do. */
  static AgentJar layFor(LinuxProcess process) {
    if (!LinuxProcess.isSupported() || process.sharesTemporary()) {
      return lay();
    }
    try {
      Path directory = Files.createTempDirectory(process.temporary(), "allocmem-");
      try {
        return lay(process.root(), directory, directory);
      } catch (IOException full) {
        Files.delete(directory);
        throw full;
      }
    } catch (IOException e) {
      throw Diagnosis.unwritable(process.pid(), e);
    }
  }

  private static AgentJar lay(Path root, Path directory, Path own) throws IOException {
    try (InputStream inside = AgentJar.class.getResourceAsStream("/allocmem-agent.jar")) {
      if (inside == null) {
        throw new Failure("the agent is missing in this launcher: build it with mvn package");
      }
      Path jar = Files.createTempFile(directory, "agent-", ".jar");
      AgentJar laid = new AgentJar(jar, root, own);
      try {
        Files.copy(inside, jar, StandardCopyOption.REPLACE_EXISTING);
        Files.createFile(laid.answerFile());
        return laid;
      } catch (IOException full) {
        laid.removeFiles();
        throw full;
      }
    }
  }

  /** The path by which the JVM finds it. */
  public Path path() {
    return Path.of("/").resolve(root.relativize(jar));
  }

  /** What the agent said; empty when it said nothing. */
  public String answer() throws IOException {
    // never through a link: in a container it would lead out of it
    try (InputStream in = Files.newInputStream(answerFile(), LinkOption.NOFOLLOW_LINKS)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Path answerFile() {
    return Path.of(jar + ".answer");
  }

  @Override
  public void close() throws IOException {
    removeFiles();
    if (own != null) {
      Files.deleteIfExists(own);
    }
  }

  private void removeFiles() throws IOException {
    Files.deleteIfExists(jar);
    Files.deleteIfExists(answerFile());
  }
}
