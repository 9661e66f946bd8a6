import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Growth of the application: takes and keeps a resource that a plan may have used up. */
final class Growth implements Runnable, InvocationHandler {
  private static final int MIB = 1 << 20;
  private static final List<Object> KEPT = new ArrayList<Object>();
  private static RandomAccessFile file;

  private final CountDownLatch never = new CountDownLatch(1);

  private Growth() {}

  /** Takes threads, classes, mappings, or MiB of heap, direct memory or views. */
  static String by(int count, String kind) throws IOException {
    for (int i = 0; i < count; i++) {
      KEPT.add(one(kind));
    }
    return "grown by " + count;
  }

  private static Object one(String kind) throws IOException {
    if (kind.equals("threads")) {
      Thread thread = new Thread(new Growth(), "growth");
      thread.setDaemon(true);
      thread.start();
      return thread;
    }
    if (kind.equals("classes")) {
      ClassLoader loader = new ClassLoader(Growth.class.getClassLoader()) {};
      return Proxy.newProxyInstance(loader, new Class<?>[] {Runnable.class}, new Growth());
    }
    if (kind.equals("direct")) {
      return ByteBuffer.allocateDirect(MIB);
    }
    if (kind.equals("mappings")) {
      return view(4096);
    }
    if (kind.equals("views")) {
      return view(MIB);
    }
    byte[] bytes = new byte[MIB];
    for (int at = 0; at < MIB; at += 4096) {
      bytes[at] = 1;
    }
    return bytes;
  }

  /** Maps a removed file privately: each mapping stays separate. */
  private static Object view(int bytes) throws IOException {
    if (file == null) {
      File path = File.createTempFile("growth-", ".view");
      file = new RandomAccessFile(path, "rw");
      path.delete();
      file.setLength(MIB);
    }
    return file.getChannel().map(FileChannel.MapMode.PRIVATE, 0, bytes);
  }

  @Override
  public void run() {
    try {
      never.await();
    } catch (InterruptedException ended) {
      return;
    }
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) {
    return null;
  }
}
