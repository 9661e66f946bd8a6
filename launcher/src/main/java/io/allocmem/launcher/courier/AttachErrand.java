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
 * Brings the agent into one JVM: lays its jar, makes the JVM listen, sends the request, and fetches
 * both answers. Leaves no file, and ends in the time that it was given.
 */
public final class AttachErrand {
  /** The kind of the request. */
  public static final String KIND = "attach";

  /** The kind of an answer: the JVM's own words, and the agent's. */
  public static final String SAID = "said";

  /** The kind of an answer when the time was up: nothing of the JVM's, and maybe the agent's. */
  public static final String LATE = "late";

  /** The kind of an answer when the jar cannot be laid. */
  public static final String UNWRITABLE = "unwritable";

  private final Path temporary;
  private final LinuxProcess target;
  private final long inside;
  private final long start;
  private final String key;
  private final String name;
  private final String arguments;
  private final long millis;

  /**
   * @param lent the target's {@code /tmp}, where root could open that
   */
  AttachErrand(Path lent, Message request) {
    this.target = new LinuxProcess(request.number(0));
    this.key = request.text(3);
    this.temporary = key.isEmpty() ? target.temporary() : lent;
    this.inside = request.number(1);
    this.start = request.number(2);
    this.name = request.text(4);
    this.arguments = request.text(5);
    this.millis = request.number(6);
  }

  /**
   * The request for it.
   *
   * @param start of the process, by which a pid means one process for ever
   * @param key of its {@code /tmp}, as {@link #keyOf} tells it; empty when root could not look
   * @param name of the agent's jar there, of a file that is not there yet
   */
  public static Message request(
      long pid, long inside, long start, String key, String name, String arguments, long millis) {
    return Message.of(KIND, pid, inside, start, key, name, arguments, millis);
  }

  /** Device and inode: what a directory is, whatever its path. */
  public static String keyOf(FileFacts directory) {
    return directory.device() + ":" + directory.inode();
  }

  Message run() throws IOException {
    if (!key.isEmpty() && !key.equals(keyOf(ForeignFiles.here().facts(temporary)))) {
      throw new IOException("the /tmp of that JVM is another directory by now");
    }
    AgentJar jar;
    try {
      jar = AgentJar.layIn(temporary, name);
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
      return Message.of(SAID, client.load(arguments, millis), jar.answer());
    } catch (ForeignFiles.LateException late) {
      return Message.of(LATE, "", jar.answer());
    } catch (IOException failed) {
      return Message.of(Courier.FAILED, failed);
    }
  }
}
