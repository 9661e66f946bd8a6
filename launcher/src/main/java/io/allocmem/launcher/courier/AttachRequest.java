package io.allocmem.launcher.courier;

import io.allocmem.launcher.process.AgentJar;
import io.allocmem.launcher.process.Courier;
import io.allocmem.launcher.process.FileFacts;
import io.allocmem.launcher.process.ForeignFiles;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.Message;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Loads the agent into one JVM: creates the jar, makes the JVM listen, sends the request, and
 * returns the answers of JVM and agent. Ends within the given time, and leaves no file but an empty
 * one for a JVM that did not answer.
 */
public final class AttachRequest {
  /** Kind of the request. */
  public static final String KIND = "attach";

  /** Kind of an answer with the texts of the JVM and of the agent. */
  public static final String SAID = "said";

  /** Kind of an answer after the time limit: no text of the JVM, possibly a text of the agent. */
  public static final String LATE = "late";

  /** Kind of an answer if the jar cannot be created. */
  public static final String UNWRITABLE = "unwritable";

  private final Path temporary;
  private final LinuxProcess target;
  private final long inside;
  private final long start;
  private final String key;
  private final boolean again;
  private final String plan;
  private final long millis;

  /**
   * @param lent the target's {@code /tmp}, if root could open this directory
   */
  AttachRequest(Path lent, Message request) {
    this.target = new LinuxProcess(request.number(0));
    this.key = request.text(3);
    this.temporary = key.isEmpty() ? target.temporary() : lent;
    this.inside = request.number(1);
    this.start = request.number(2);
    this.again = Boolean.parseBoolean(request.text(4));
    this.plan = request.text(5);
    this.millis = request.number(6);
  }

  /**
   * Returns the request.
   *
   * @param start start time of the process: pid and start time identify a process forever
   * @param key identity of the target's {@code /tmp} from {@link #keyOf}; empty if root could not
   *     look
   * @param again true if the JVM found no agent at the usual path of the jar
   * @param plan arguments of the agent
   */
  public static Message request(
      long pid, long inside, long start, String key, boolean again, String plan, long millis) {
    return Message.of(KIND, pid, inside, start, key, again, plan, millis);
  }

  /** Returns device and inode: the identity of a directory, whatever the path. */
  public static String keyOf(FileFacts directory) {
    return directory.device() + ":" + directory.inode();
  }

  Message run() throws IOException {
    if (!key.isEmpty() && !key.equals(keyOf(ForeignFiles.here().facts(temporary)))) {
      throw new IOException("the /tmp of that JVM is another directory by now");
    }
    AgentJar jar;
    try {
      jar = AgentJar.createIn(temporary, target.pid(), again);
    } catch (IOException unwritable) {
      return Message.of(UNWRITABLE, unwritable);
    }
    try (jar) {
      return load(jar);
    }
  }

  private Message load(AgentJar jar) throws IOException {
    AttachClient client = new AttachClient(target, temporary, inside, start);
    try {
      return Message.of(
          SAID, client.load(jar.path() + "=" + jar.arguments(plan), millis), jar.answer());
    } catch (ForeignFiles.LateException late) {
      jar.giveUp();
      return Message.of(LATE, "", jar.answer());
    } catch (IOException failed) {
      return Message.of(Courier.FAILED, failed);
    }
  }
}
