printf '[supervisord]\nnodaemon=true\nuser=root\nlogfile=/dev/null\nlogfile_maxbytes=0\nloglevel=info\npidfile=/srv/app/run/supervisord.pid\n[program:web]\ncommand=python3 -m http.server --bind 127.0.0.1 8080\nstdout_logfile=/dev/fd/1\nstdout_logfile_maxbytes=0\nredirect_stderr=true\n[program:once]\ncommand=sh -c "sleep 2; echo done"\nautorestart=false\nstdout_logfile=/dev/fd/1\nstdout_logfile_maxbytes=0\n' > supervisord.conf
supervisord -c supervisord.conf & server=$!
answers 8080
curl -s 127.0.0.1:8080/ > /dev/null
sleep 3
finish $server
