export default ({ children }) => (
  <html lang="vi">
    <body>{children}</body>
  </html>
);
