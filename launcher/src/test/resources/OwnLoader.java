/** System class loader of the application, as in application servers. */
public class OwnLoader extends ClassLoader {
  public OwnLoader(ClassLoader parent) {
    super(parent);
  }
}
