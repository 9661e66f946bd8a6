package io.allocmem.area;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Class file of a class with many methods of one size. The methods do nothing. The JVM keeps the
 * code of the methods in metaspace. A chunk of metaspace takes several methods, so that only the
 * end of a chunk stays unused. From JDK 16 on, a single method of 64 KiB would leave half of a
 * chunk of 128 KiB untouched.
 */
final class LargeClass {
  private static final String NAME = "allocmem/Class0000000000";

  /** Metaspace of a method in bytes: code, and at most 192 bytes for the JVM. */
  static final int METHOD_BYTES = 8192;

  /** Largest number of methods: the JVM's own memory for each class is below 1 % of the class. */
  static final int METHODS = 32;

  private static final int CODE_BYTES = METHOD_BYTES - 192;

  /** Names of a method, without the number. */
  private static final String METHOD = "m";

  private static final int FIRST_METHOD_NAME = 7; // constants before: class, superclass, ()V, Code

  private final byte[] bytes = write();
  private final int nameEnd =
      new String(bytes, StandardCharsets.ISO_8859_1).indexOf(NAME) + NAME.length();

  /** Offset of the number of methods, two bytes. */
  private final int count = bytes.length - METHODS * methodLength() - 4;

  /**
   * Changes the class file to the next name and to this number of methods. Returns the same array
   * each time; {@link #length} bytes of the array are the class file.
   */
  byte[] next(int methods) {
    int digit = nameEnd - 1;
    while (bytes[digit] == '9') {
      bytes[digit--] = '0';
    }
    bytes[digit]++;
    bytes[count + 1] = (byte) methods;
    return bytes;
  }

  /**
   * Returns the length of the class file with this number of methods. Two zero bytes follow each
   * method: no attributes of the class, or the access flags of the next method.
   */
  int length(int methods) {
    return count + 2 + methods * methodLength() + 2;
  }

  private static int methodLength() {
    return 8 + 6 + 4 + 4 + CODE_BYTES + 4;
  }

  private static byte[] write() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(0xCAFEBABE);
      out.writeInt(50); // Java 6: no stack map
      writeConstants(out);
      out.writeShort(0x21); // public, super
      out.writeShort(2); // this class
      out.writeShort(4); // its superclass
      out.writeShort(0); // no interfaces
      out.writeShort(0); // no fields
      out.writeShort(METHODS);
      for (int i = 0; i < METHODS; i++) {
        writeMethod(out, FIRST_METHOD_NAME + i);
      }
      out.writeShort(0); // no attributes
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return bytes.toByteArray();
  }

  private static void writeConstants(DataOutputStream out) throws IOException {
    String[] texts = {NAME, null, "java/lang/Object", null, "()V", "Code"};
    out.writeShort(FIRST_METHOD_NAME + METHODS); // one more than there are constants
    for (int i = 0; i < texts.length; i++) {
      if (texts[i] == null) {
        out.writeByte(7); // a class; the constant before is its name
        out.writeShort(i);
      } else {
        writeText(out, texts[i]);
      }
    }
    for (int i = 0; i < METHODS; i++) {
      writeText(out, METHOD + i);
    }
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    out.writeByte(1);
    out.writeUTF(text);
  }

  private static void writeMethod(DataOutputStream out, int name) throws IOException {
    out.writeShort(0); // access flags: none
    out.writeShort(name);
    out.writeShort(5); // descriptor
    out.writeShort(1); // one attribute
    out.writeShort(6); // its code
    out.writeInt(12 + CODE_BYTES);
    out.writeShort(0); // stack
    out.writeShort(1); // locals: this
    out.writeInt(CODE_BYTES);
    out.write(new byte[CODE_BYTES - 1]); // nop
    out.writeByte(0xB1); // return
    out.writeShort(0); // no exception table
    out.writeShort(0); // no attributes
  }
}
