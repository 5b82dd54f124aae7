export const Page = ({ title }: { title: string }) => (
  <html lang="en">
    <body>
      <h1>{title}</h1>
    </body>
  </html>
);
