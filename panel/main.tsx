import './styles/index.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';

const root = document.getElementById('panel');
if (!root) throw new Error('The page has no place for the panel');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
