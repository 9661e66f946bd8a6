/** An application's own system class loader, as application servers have one. */
public class OwnLoader extends ClassLoader {
  public OwnLoader(ClassLoader parent) {
    super(parent);
  }
}
