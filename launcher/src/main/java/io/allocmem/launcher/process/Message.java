package io.allocmem.launcher.process;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A request to the courier, or an answer of the courier: a kind, and parts of bytes. The size is
 * limited, since root's process trusts no data from another user's process.
 */
public final class Message {
  /** Maximum bytes of all parts together. */
  public static final int LONGEST = 8 << 20;

  private static final int MOST_PARTS = 20_100;

  private final List<byte[]> parts;

  private Message(List<byte[]> parts) {
    this.parts = parts;
  }

  /** Creates a message from a kind and further parts. */
  public static Message of(String kind, Object... parts) {
    List<byte[]> bytes = new ArrayList<>();
    bytes.add(kind.getBytes(StandardCharsets.UTF_8));
    for (Object part : parts) {
      bytes.add(
          part instanceof byte[] raw ? raw : part.toString().getBytes(StandardCharsets.UTF_8));
    }
    return new Message(bytes);
  }

  /** Returns the kind, the first part. */
  public String kind() {
    return new String(parts.get(0), StandardCharsets.UTF_8);
  }

  /** Returns the number of parts after the kind. */
  public int size() {
    return parts.size() - 1;
  }

  /**
   * Returns the bytes of a part after the kind, counted from zero; empty if the part is missing.
   */
  public byte[] bytes(int part) {
    return part < size() ? parts.get(part + 1) : new byte[0];
  }

  /** Returns the text of a part after the kind, counted from zero; empty if the part is missing. */
  public String text(int part) {
    return new String(bytes(part), StandardCharsets.UTF_8);
  }

  /** Returns the number in a part after the kind, counted from zero. */
  public long number(int part) {
    return Long.parseLong(text(part));
  }

  /** Writes the whole message. */
  public void writeTo(DataOutputStream out) throws IOException {
    out.writeInt(parts.size());
    for (byte[] part : parts) {
      out.writeInt(part.length);
      out.write(part);
    }
    out.flush();
  }

  /**
   * Reads a message.
   *
   * @throws EOFException if the sending process has ended
   * @throws IOException if the bytes are no message, or the message is too long
   */
  public static Message readFrom(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 1 || count > MOST_PARTS) {
      throw new IOException("a message of " + count + " parts");
    }
    List<byte[]> parts = new ArrayList<>();
    int left = LONGEST;
    for (int part = 0; part < count; part++) {
      int length = in.readInt();
      if (length < 0 || length > left) {
        throw new IOException("a message with a part of " + length + " bytes");
      }
      left -= length;
      byte[] bytes = new byte[length];
      in.readFully(bytes);
      parts.add(bytes);
    }
    return new Message(parts);
  }
}
