package io.allocmem.launcher.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** URLs of services. */
class HttpAddressTest {
  @ParameterizedTest
  @CsvSource({
    "localhost:8080",
    "ftp://localhost/",
    "http://",
    "http:///health",
    "http://a b/",
    "http://localhost:99999/",
    "file:///etc/passwd",
    "http://user:secret@localhost/"
  })
  void anotherTextIsNoUrl(String text) {
    assertThatThrownBy(() -> HttpAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a URL ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://my_service:8080/health", "HTTPS://[::1]:8443", "http://a/?b=c#d"})
  void namesOfContainersAndAddressesAreHosts(String text) {
    assertThat(HttpAddress.parse(text).host()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http://a,                   a,   80,  /",
    "HTTPS://[::1]:8443/x?b=c#d, ::1, 8443, /x?b=c",
    "https://a?q,                a,   443, /?q",
    "http://a:81/grün%20x,       a,   81,  /gr%C3%BCn%20x"
  })
  void thePartsAreThoseOfARequest(String text, String host, int port, String requestTarget) {
    HttpAddress address = HttpAddress.parse(text);
    assertThat(address.host()).isEqualTo(host);
    assertThat(address.port()).isEqualTo(port);
    assertThat(address.requestTarget()).isEqualTo(requestTarget);
  }

  @Test
  void sentencesHaveNoTokenAndNoControlCharacter() {
    HttpAddress address = HttpAddress.parse("http://a:81/b?token=secret");
    assertThat(address.named()).isEqualTo("http://a:81/b");
    assertThat(address.authority()).isEqualTo("a:81");
    assertThat(address.unanswered(new IOException("no\u001b[2J")))
        .isEqualTo("http://a:81/b did not answer: no?[2J");
    assertThat(address.unanswered(new UnknownHostException("a")))
        .isEqualTo("http://a:81/b has a host that cannot be resolved");
  }
}
