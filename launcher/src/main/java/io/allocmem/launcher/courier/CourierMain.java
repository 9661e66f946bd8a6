package io.allocmem.launcher.courier;

import io.allocmem.launcher.process.Courier;
import io.allocmem.launcher.process.FileDesk;
import io.allocmem.launcher.process.Message;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The courier's beginning: answers one request after the other, and ends with its input. The parent
 * is a shell whose working directory is the target's {@code /tmp}: through it this process reaches
 * that directory with no right to trace the target. (A JVM itself does not start in a directory of
 * another root, since it asks for the name of its own.)
 */
public final class CourierMain {
  private CourierMain() {}

  /** Takes the parent's pid. */
  public static void main(String[] words) throws IOException {
    Path temporary = Path.of("/proc", words[0], "cwd");
    DataInputStream in = new DataInputStream(System.in);
    DataOutputStream out = new DataOutputStream(new FileOutputStream(FileDescriptor.out));
    FileDesk desk = new FileDesk();
    Message.of(Courier.READY).writeTo(out);
    try {
      while (true) {
        Message request = Message.readFrom(in);
        boolean attach = request.kind().equals(AttachErrand.KIND);
        (attach ? attach(request, temporary) : desk.answer(request)).writeTo(out);
      }
    } catch (EOFException rootHasEnded) {
      System.exit(0); // whatever another thread still waits for
    }
  }

  private static Message attach(Message request, Path temporary) {
    try {
      return new AttachErrand(temporary, request).run();
    } catch (IOException | RuntimeException e) {
      return Message.of(Courier.FAILED, e);
    }
  }
}
