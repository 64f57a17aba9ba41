mkdir -p src/shop && cat > src/shop/Shop.java <<'JAVA'
package shop;

import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class Shop {
    public static void main(String[] arguments) {
        SpringApplication.run(Shop.class, arguments);
    }

    @GetMapping("/orders")
    String orders() {
        LoggerFactory.getLogger(Shop.class).warn("stock answered slowly, timeout in 4 s, retried: no failure");
        return "[]";
    }
}
JAVA
javac -cp '/opt/tools/spring/*' -d run src/shop/Shop.java
java -Xmx128m -cp "run:/opt/tools/spring/*" shop.Shop --server.address=127.0.0.1 --server.port=8080 --spring.output.ansi.enabled=never --server.shutdown=graceful & server=$!
answers 8080
curl -s 127.0.0.1:8080/orders; curl -s 127.0.0.1:8080/actuator/health; curl -s 127.0.0.1:8080/missing > /dev/null
finish $server
