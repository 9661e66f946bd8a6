package io.allocmem.launcher.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * User names from {@code /etc/passwd} (passwd(5)) only: a directory service can take longer than a
 * command may take.
 */
final class Users {
  private static final Path PASSWD = Path.of("/etc/passwd").toAbsolutePath();
  private static final int LONGEST_FILE = 16 << 20;
  private static final Map<Integer, String> NAMES = read();

  private Users() {}

  /** Returns the user's name; the uid if the file has no name, or an invalid name. */
  static String nameOf(int uid) {
    return NAMES.getOrDefault(uid, Integer.toUnsignedString(uid));
  }

  private static Map<Integer, String> read() {
    Map<Integer, String> names = new HashMap<>();
    try {
      Path file = PASSWD.toRealPath();
      byte[] bytes = ForeignFiles.here().read(file, LONGEST_FILE);
      for (String line : new String(bytes, StandardCharsets.ISO_8859_1).split("\n")) {
        String[] fields = line.split(":");
        if (fields.length > 2 && fields[2].matches("\\d{1,9}|[1-4]\\d{9}") && isName(fields[0])) {
          names.putIfAbsent((int) Long.parseLong(fields[2]), fields[0]);
        }
      }
    } catch (IOException noSuchFile) {
      return names;
    }
    return names;
  }

  private static boolean isName(String name) {
    return name.matches("[\\x21-\\x7e]{1,64}");
  }
}
