package io.allocmem.launcher.process;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The courier's side of {@link LentFiles}: serves requests with the courier's own rights. */
public final class FileServer {
  static final String DONE = "done";
  static final String DENIED = "denied";
  static final String MISSING = "missing";
  static final String LATE = "late";
  static final String LOCKED = "locked";

  private final ForeignFiles files = ForeignFiles.here();
  private final Map<Long, ForeignFiles.Channel> channels = new HashMap<>();
  private long last;

  /** Starts without an open file. */
  public FileServer() {}

  /** Returns the answer to a request of {@link LentFiles}. */
  public Message answer(Message request) {
    try {
      return request.kind().startsWith("channel-") ? byChannel(request) : byPath(request);
    } catch (AccessDeniedException e) {
      return Message.of(DENIED);
    } catch (NoSuchFileException e) {
      return Message.of(MISSING);
    } catch (ForeignFiles.LateException e) {
      return Message.of(LATE);
    } catch (ForeignFiles.LockedException e) {
      return Message.of(LOCKED);
    } catch (IOException | RuntimeException e) {
      return Message.of(Courier.FAILED, e);
    }
  }

  private Message byPath(Message request) throws IOException {
    Path path = Path.of(request.text(0));
    switch (request.kind()) {
      case "read":
        return Message.of(DONE, (Object) files.read(path, (int) request.number(1)));
      case "line":
        return Message.of(DONE, files.line(path, request.text(1)));
      case "link":
        return Message.of(DONE, files.link(path));
      case "facts":
        return Message.of(DONE, files.facts(path).print());
      case "list":
        List<FileFacts> found = files.list(path, request.text(1), (int) request.number(2));
        return Message.of(DONE, found.stream().map(FileFacts::print).toArray());
      case "open":
        channels.put(++last, files.open(path, FileFacts.parse(request.text(1))));
        return Message.of(DONE, last);
      case "delete":
        files.delete(path, FileFacts.parse(request.text(1)));
        return Message.of(DONE);
      default:
        return Message.of(Courier.FAILED, "no such request: " + request.kind());
    }
  }

  private Message byChannel(Message request) throws IOException {
    long number = request.number(0);
    ForeignFiles.Channel channel = channels.get(number);
    switch (request.kind()) {
      case "channel-read":
        return Message.of(DONE, (Object) channel.read(request.number(1), (int) request.number(2)));
      case "channel-locked":
        return Message.of(DONE, channel.isLocked(request.number(1)));
      case "channel-replace":
        return Message.of(DONE, replace(channel, request));
      default:
        channels.remove(number).close();
        return Message.of(DONE);
    }
  }

  private static boolean replace(ForeignFiles.Channel channel, Message request) throws IOException {
    ForeignFiles.Patch[] patches = new ForeignFiles.Patch[(request.size() - 1) / 2];
    for (int i = 0; i < patches.length; i++) {
      patches[i] = new ForeignFiles.Patch(request.number(1 + 2 * i), request.bytes(2 + 2 * i));
    }
    ForeignFiles.Patch[] by = java.util.Arrays.copyOfRange(patches, 1, patches.length);
    return channel.replace(patches[0], by);
  }
}
