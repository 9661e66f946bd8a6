package io.allocmem.launcher.attach;

import io.allocmem.control.StartTime;
import io.allocmem.launcher.courier.AttachRequest;
import io.allocmem.launcher.process.Courier;
import io.allocmem.launcher.process.Couriers;
import io.allocmem.launcher.process.ForeignFiles;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.Message;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Attach by root to a JVM of another user, through a process of that user (courier). */
record CourierAttach(LinuxProcess target) {
  /** Status line; since JDK 9, with words before the agent's own result. */
  private static final Pattern RESULT = Pattern.compile("(?:return code: )?(-?\\d+)");

  AttachResult load(String plan, int seconds, boolean again) throws IOException {
    long millis = TimeUnit.SECONDS.toMillis(seconds);
    String key = key();
    long start = StartTime.of(Long.toString(target.pid()));
    Message request =
        AttachRequest.request(target.pid(), target.pidInside(), start, key, again, plan, millis);
    return resultOf(key.isEmpty() ? askBeside(request, millis) : askInTemporary(request, millis));
  }

  private Message askInTemporary(Message request, long millis) throws IOException {
    try (Courier courier = Courier.inTemporary(target)) {
      return courier.ask(request, millis);
    }
  }

  private Message askBeside(Message request, long millis) throws IOException {
    AccessDeniedException refused = new AccessDeniedException(target.root().toString());
    return Couriers.of(target.pid(), refused).ask(request, millis);
  }

  private AttachResult resultOf(Message reply) {
    return switch (reply.kind()) {
      case AttachRequest.SAID -> new AttachResult(reply.text(1), failureIn(reply.text(0)));
      case AttachRequest.LATE -> new AttachResult(reply.text(1), new TimeoutException());
      case AttachRequest.UNWRITABLE ->
          throw AttachPreconditions.unwritable(target.pid(), new IOException(reply.text(0)));
      default -> new AttachResult("", new IOException(reply.text(0)));
    };
  }

  /**
   * Returns the identity of {@code /tmp} as seen by root, for comparison by the courier; empty if
   * root cannot look.
   */
  private String key() throws IOException {
    try {
      return AttachRequest.keyOf(ForeignFiles.here().facts(target.temporary()));
    } catch (AccessDeniedException closed) {
      return "";
    }
  }

  /**
   * Returns the JVM's error in the wording of the JDK's own client; null if the JVM loaded the
   * agent.
   */
  static IOException failureIn(String answer) {
    String[] lines = answer.split("\n", 2);
    String rest = lines.length < 2 ? "" : lines[1].strip();
    Matcher result = RESULT.matcher(rest);
    if (!lines[0].equals("0") || !result.matches()) {
      return new IOException(rest.isEmpty() ? "its answer was '" + answer.strip() + "'" : rest);
    }
    return switch (result.group(1)) {
      case "0" -> null;
      case "100" -> new IOException("Agent JAR not found or no Agent-Class attribute");
      case "101" -> new IOException("Unable to add JAR file to system class path");
      case "102" -> new IOException(AttachResult.NOT_STARTED);
      default -> new IOException("Agent_OnAttach failed: " + result.group(1));
    };
  }
}
