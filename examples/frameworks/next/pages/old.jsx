export function getServerSideProps() {
  return { props: { at: "request time" } };
}

export default function Old({ at }) {
  return <h1>{`Hello from the pages router at ${at}`}</h1>;
}
