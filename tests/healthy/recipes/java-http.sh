mkdir www && echo hello > www/index.html
cat > Shop.java <<'JAVA'
import com.sun.net.httpserver.HttpServer;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.logging.Level;
import java.util.logging.Logger;

public class Shop {
    public static void main(String[] arguments) throws Exception {
        Logger log = Logger.getLogger("shop.Shop");
        try (Socket socket = new Socket("127.0.0.1", 9)) {
            log.info("cache is there");
        } catch (ConnectException e) {
            log.log(Level.FINE, "cache is not there", e);
            log.info("no cache configured, continuing without");
        }
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 8080), 0);
        server.createContext("/", exchange -> {
            log.info(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.sendResponseHeaders(200, 3);
            exchange.getResponseBody().write("ok\n".getBytes());
            exchange.close();
        });
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(0)));
        log.info("listening on 8080");
    }
}
JAVA
java -Xlog:gc:stderr -Xmx64m Shop.java & server=$!
answers 8080
for path in / /orders /healthz; do curl -s "127.0.0.1:8080$path" > /dev/null; done
finish $server
