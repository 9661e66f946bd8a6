package io.allocmem.launcher.courier;

import io.allocmem.launcher.process.Courier;
import io.allocmem.launcher.process.FileServer;
import io.allocmem.launcher.process.Message;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Main class of the courier: answers requests one by one, and ends when the input ends.
 *
 * <p>The parent is a shell with the target's {@code /tmp} as working directory. Through the shell
 * this process reaches {@code /tmp} without the right to trace the target. A JVM itself does not
 * start in a directory of another root, since a JVM asks for the name of its working directory.
 */
public final class CourierMain {
  private CourierMain() {}

  /** Takes the parent's pid. */
  public static void main(String[] words) throws IOException {
    Path temporary = Path.of("/proc", words[0], "cwd");
    DataInputStream in = new DataInputStream(System.in);
    DataOutputStream out = new DataOutputStream(new FileOutputStream(FileDescriptor.out));
    FileServer server = new FileServer();
    Message.of(Courier.READY).writeTo(out);
    try {
      while (true) {
        Message request = Message.readFrom(in);
        boolean attach = request.kind().equals(AttachRequest.KIND);
        (attach ? attach(request, temporary) : server.answer(request)).writeTo(out);
      }
    } catch (EOFException rootHasEnded) {
      System.exit(0); // even if another thread still waits
    }
  }

  private static Message attach(Message request, Path temporary) {
    try {
      return new AttachRequest(temporary, request).run();
    } catch (IOException | RuntimeException e) {
      return Message.of(Courier.FAILED, e);
    }
  }
}
