package io.allocmem.area;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Class file of a class with one method, as long as the class file format allows (JVMS 4.7.3). The
 * method does nothing. The JVM keeps the method's code in metaspace.
 */
final class LargeClass {
  private static final String NAME = "allocmem/Class0000000000";

  /** Metaspace of a class in bytes; a class takes slightly more. */
  static final int CODE_BYTES = 65_535;

  private final byte[] bytes = write();
  private final int nameEnd =
      new String(bytes, StandardCharsets.ISO_8859_1).indexOf(NAME) + NAME.length();

  /** Returns the same array each time, with another name inside. */
  byte[] withNextName() {
    int digit = nameEnd - 1;
    while (bytes[digit] == '9') {
      bytes[digit--] = '0';
    }
    bytes[digit]++;
    return bytes;
  }

  private static byte[] write() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(0xCAFEBABE);
      out.writeInt(50); // Java 6: no stack map
      out.writeShort(8); // one more than there are constants
      writeConstants(out);
      out.writeShort(0x21); // public, super
      out.writeShort(2); // this class
      out.writeShort(4); // its superclass
      out.writeShort(0); // no interfaces
      out.writeShort(0); // no fields
      out.writeShort(1); // one method
      writeMethod(out);
      out.writeShort(0); // no attributes
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return bytes.toByteArray();
  }

  private static void writeConstants(DataOutputStream out) throws IOException {
    String[] texts = {NAME, null, "java/lang/Object", null, "method", "()V", "Code"};
    for (int i = 0; i < texts.length; i++) {
      if (texts[i] == null) {
        out.writeByte(7); // a class; the constant before is its name
        out.writeShort(i);
      } else {
        out.writeByte(1);
        out.writeUTF(texts[i]);
      }
    }
  }

  private static void writeMethod(DataOutputStream out) throws IOException {
    out.writeShort(9); // public, static
    out.writeShort(5); // name
    out.writeShort(6); // descriptor
    out.writeShort(1); // one attribute
    out.writeShort(7); // its code
    out.writeInt(12 + CODE_BYTES);
    out.writeShort(0); // stack
    out.writeShort(0); // locals
    out.writeInt(CODE_BYTES);
    out.write(new byte[CODE_BYTES - 1]); // nop
    out.writeByte(0xB1); // return
    out.writeShort(0); // no exception table
    out.writeShort(0); // no attributes
  }
}
