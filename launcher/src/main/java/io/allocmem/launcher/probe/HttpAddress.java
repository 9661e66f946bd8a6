package io.allocmem.launcher.probe;

import io.allocmem.control.Printable;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.UnknownHostException;

/** Valid URL of a service, of http or https, that a check or a load client may ask. Immutable. */
public final class HttpAddress {
  private static final String RULE = "a URL is http://HOST:PORT/PATH or https://…";
  private static final int LAST_PORT = 65_535;

  private final URI uri;
  private final URL url;

  private HttpAddress(URI uri, URL url) {
    this.uri = uri;
    this.url = url;
  }

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException with the rule, if the text is no URL of a service
   */
  public static HttpAddress parse(String text) {
    HttpAddress address = of(text);
    URL url = address.url;
    boolean http = url.getProtocol().equals("http") || address.isSecure();
    if (!http || url.getHost().isEmpty() || url.getPort() == 0 || url.getPort() > LAST_PORT) {
      throw new IllegalArgumentException(RULE);
    }
    if (url.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "a URL has no user here, since each user of the machine could read the password");
    }
    return address;
  }

  private static HttpAddress of(String text) {
    try {
      URI uri = URI.create(text);
      return new HttpAddress(uri, uri.toURL());
    } catch (IllegalArgumentException | MalformedURLException e) {
      throw new IllegalArgumentException(RULE, e);
    }
  }

  /** Returns the URL. */
  URL url() {
    return url;
  }

  /** Returns whether the protocol is https. */
  public boolean isSecure() {
    return url.getProtocol().equals("https");
  }

  /** Returns the host without the brackets of an IPv6 address. */
  public String host() {
    return url.getHost().replaceAll("[\\[\\]]", "");
  }

  /** Returns the port, also if the URL names none. */
  public int port() {
    return url.getPort() < 0 ? url.getDefaultPort() : url.getPort();
  }

  /** Returns the value of the header Host. */
  public String authority() {
    return url.getAuthority();
  }

  /** Returns path and query as the request line has them, in ASCII. */
  public String requestTarget() {
    URI ascii = URI.create(uri.toASCIIString());
    String path = ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
    return ascii.getRawQuery() == null ? path : path + "?" + ascii.getRawQuery();
  }

  /** Returns the printable URL without the query, where a token may stand. */
  public String named() {
    return Printable.name(url.getProtocol() + "://" + url.getAuthority() + url.getPath());
  }

  /** Returns a sentence about a request that had no answer, printable and bounded. */
  public String unanswered(IOException e) {
    return e instanceof UnknownHostException
        ? named() + " has a host that cannot be resolved"
        : named() + " did not answer: " + Printable.name(String.valueOf(e.getMessage()));
  }
}
