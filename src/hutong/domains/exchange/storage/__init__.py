"""Files: looked at (gate), read in a sandbox, settled (staging), sealed (store), handed out (workbooks), handed over."""
