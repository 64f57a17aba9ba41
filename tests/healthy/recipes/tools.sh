# Fetches what is no Debian package into $TOOLS, once.
set -eu
mkdir -p "$TOOLS"
cd "$TOOLS"
test -d venv || { python3 -m venv venv && venv/bin/pip install -q flask gunicorn uvicorn a2wsgi celery redis pytest; }
# jars FOLDER GROUP:ARTIFACT:VERSION...: a folder with these Java libraries and all that they need
jars() {
  test -d "$1" && return
  mkdir "$1.new"
  {
    echo '<project><modelVersion>4.0.0</modelVersion><groupId>shop</groupId><artifactId>shop</artifactId><version>1</version><dependencies>'
    for library in "${@:2}"; do
      IFS=: read -r group artifact version <<< "$library"
      echo "<dependency><groupId>$group</groupId><artifactId>$artifact</artifactId><version>$version</version></dependency>"
    done
    echo '</dependencies></project>'
  } > "$1.new/pom.xml"
  mvn -q -B -f "$1.new/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$TOOLS/$1.new"
  mv "$1.new" "$1"
}
jars kafka org.apache.kafka:kafka_2.13:3.7.1 org.slf4j:slf4j-simple:1.7.36
jars spring org.springframework.boot:spring-boot-starter-web:3.2.12 org.springframework.boot:spring-boot-starter-actuator:3.2.12
test -x go/coredns || GOBIN=$TOOLS/go GOFLAGS=-trimpath go install github.com/coredns/coredns@v1.11.4
